import type { HourSum } from "@/db/hours";
import { isFetchedOnDemand } from "./fetched-on-demand";
import { ceilHour, floorHour } from "./local-days";

const HOURS = { hour: 1, day: 24, threeDays: 72, week: 168, month: 720 } as const;
export type Span = keyof typeof HOURS;
export const spans = Object.keys(HOURS) as Span[];

/**
 * How many stores would stop working until then if no renewal were made from now on; to the end of a full hour. An offer whose access is
 * fetched when somebody needs it waits for no worker, and is `onDemand`.
 */
export type Horizon = {
  from: Date;
  until: Record<Span, Date>;
  offers: { offer: string; onDemand: boolean; stops: Record<Span, number> }[];
};

export const horizonBounds = (now: Date): Date[] => [
  floorHour(now),
  ...spans.map((span) => new Date(ceilHour(now).getTime() + HOURS[span] * 3_600_000)),
];

/** `sums` by the bounds above. */
export function horizon(now: Date, slugs: readonly string[], sums: readonly HourSum[]): Horizon {
  const [from = now, ...ends] = horizonBounds(now);
  const bySpan = <T>(value: (index: number) => T) =>
    Object.fromEntries(spans.map((span, index) => [span, value(index)])) as Record<Span, T>;
  return {
    from,
    until: bySpan((index) => ends[index] ?? now),
    offers: slugs.map((offer) => {
      const own = sums.filter((sum) => sum.offer === offer && sum.renews === "planned");
      const stops = bySpan((index) => own.reduce((total, { part, n }) => total + (part <= index ? n : 0), 0));
      return { offer, onDemand: isFetchedOnDemand(offer), stops };
    }),
  };
}
