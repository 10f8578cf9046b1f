import type { AlertKind } from "@/db/schema";

export type { AlertKind };

/**
 * What can be told of. `threshold`: what a rule's number counts, what it begins with and how far it goes; null where there is nothing to
 * count. `staysS`: a cause must be away this long before it counts as gone, so that one that flickers is one alert; 0 where its end is
 * certain, and is told as well.
 */
export const alertKinds = {
  needs_reconnect: { threshold: { of: "count", usual: 1, least: 1, most: 1_000_000 }, staysS: 600 },
  point_of_no_return: { threshold: { of: "days", usual: 7, least: 1, most: 90 }, staysS: 600 },
  renewal_late: { threshold: { of: "count", usual: 1, least: 1, most: 1_000_000 }, staysS: 600 },
  incident: { threshold: null, staysS: 0 },
  worker_silent: { threshold: { of: "minutes", usual: 2, least: 2, most: 1_440 }, staysS: 0 },
  audit_broken: { threshold: null, staysS: 600 },
  key_worn: { threshold: null, staysS: 600 },
} as const satisfies Record<AlertKind, Kind>;

type Threshold = { of: "count" | "days" | "minutes"; usual: number; least: number; most: number };
type Kind = { threshold: Threshold | null; staysS: number };

/** Within which time stores that begin to need a reconnect are counted together, in minutes. A day is the calendar's, in UTC. */
export const windows = [60, 360, 1_440] as const;
export const DAY_MINUTES = 1_440;

/** Whether a kind counts what happens within a time. */
export const hasWindow = (kind: AlertKind): boolean => kind === "needs_reconnect";

export const everyKind = Object.keys(alertKinds) as AlertKind[];

export const isAlertKind = (kind: unknown): kind is AlertKind => typeof kind === "string" && Object.hasOwn(alertKinds, kind);

export const usualThreshold = (kind: AlertKind): number => alertKinds[kind].threshold?.usual ?? 1;

/** Whether a cause of this size is one that a rule with this number wants to be told of. Of days, fewer are worse. */
export function reaches(kind: AlertKind, size: number, threshold: number): boolean {
  const counted = alertKinds[kind].threshold;
  if (counted === null) return true;
  return counted.of === "days" ? size <= threshold : size >= threshold;
}
