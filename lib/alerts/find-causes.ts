import { begunToNeedReconnect, endingForGood, newlyNeedReconnect, renewedLate } from "@/db/alert-causes";
import type { ActiveRule } from "@/db/alert-rules";
import type { AlertFacts } from "@/db/alerts";
import { database } from "@/db/client";
import { openIncidents } from "@/db/incidents";
import { readKeyChecks } from "@/db/key-checks";
import { lastBeat } from "@/db/workers";
import { auditTroubles } from "@/lib/audit/troubles";
import { env } from "@/lib/env";
import { MOST_SEALINGS } from "@/lib/sealings";
import { type AlertKind, DAY_MINUTES } from "./alert-kinds";

/** Something that may be told of. Equal `cause`s of a kind are one alert, however many connections it touches. */
export type Cause = {
  kind: AlertKind;
  cause: string;
  size: number;
  facts: AlertFacts;
  /** What it was counted within, for the rules that ask for that; null: rules of its kind have no such time. */
  windowMinutes: number | null;
};

/** A schedule from outside comes and goes: between two of its rounds nobody works, and nothing is wrong. */
const SCHEDULE_MINUTES = 15;

type Found = Omit<Cause, "windowMinutes"> & { windowMinutes?: number };
type Find = (thresholds: number[], rules: readonly ActiveRule[]) => Promise<Found[]>;

// A platform and a day: whatever makes its stores need a reconnect touches many at once, and a platform of which some store always
// needs one would otherwise be told of once and never again.
async function begunToday(): Promise<Found[]> {
  const rows = await begunToNeedReconnect(database());
  return rows.map(({ offer, day, count }) => ({
    kind: "needs_reconnect",
    cause: `${offer} ${day}`,
    size: count,
    facts: { offer, day, count },
    windowMinutes: DAY_MINUTES,
  }));
}

// A platform, for as long as any rule with that time is reached: after that the next surge is another alert.
async function begunWithin(windowMinutes: number, rules: readonly ActiveRule[]): Promise<Found[]> {
  const least = Math.min(...rules.filter((rule) => rule.windowMinutes === windowMinutes).map(({ threshold }) => threshold));
  const rows = await newlyNeedReconnect(database(), windowMinutes);
  return rows
    .filter(({ count }) => count >= least)
    .map(({ offer, count }) => ({
      kind: "needs_reconnect",
      cause: `${offer} within ${windowMinutes}`,
      size: count,
      facts: { offer, count, within: windowMinutes },
      windowMinutes,
    }));
}

const found: Record<AlertKind, Find> = {
  needs_reconnect: async (_thresholds, rules) => {
    const asked = [...new Set(rules.map(({ windowMinutes }) => windowMinutes))];
    const each = asked.map((minutes) => (minutes === DAY_MINUTES ? begunToday() : begunWithin(minutes, rules)));
    return (await Promise.all(each)).flat();
  },
  // A platform and the last day itself: whoever shares it is told of together, once, some days before.
  point_of_no_return: async (thresholds) =>
    (await endingForGood(database(), Math.max(...thresholds))).map(({ offer, day, count, daysLeft }) => ({
      kind: "point_of_no_return",
      cause: `${offer} ${day}`,
      size: daysLeft,
      facts: { offer, day, count },
    })),
  // A platform, for as long as it lasts: it is ours to mend, and over when that is done.
  renewal_late: async () =>
    (await renewedLate(database())).map(({ offer, count }) => ({
      kind: "renewal_late",
      cause: offer,
      size: count,
      facts: { offer, count },
    })),
  incident: async () =>
    (await openIncidents(database())).map(({ id, offer, code }) => ({ kind: "incident", cause: id, size: 1, facts: { offer, code } })),
  worker_silent: async (thresholds) => {
    const last = await lastBeat(database());
    const least = Math.max(Math.min(...thresholds), last?.kind === "cron" ? SCHEDULE_MINUTES : 0);
    // None has ever worked: silent for as long as anybody may care about.
    const minutes = last ? Math.floor(last.agoS / 60) : Math.max(...thresholds);
    return minutes < least ? [] : [{ kind: "worker_silent", cause: "workers", size: minutes, facts: { minutes } }];
  },
  audit_broken: async () =>
    (await auditTroubles()).map(({ what, count }) => ({ kind: "audit_broken", cause: what, size: 1, facts: { what, count } })),
  // The key that seals, until another one does.
  key_worn: async () => {
    const first = env().LATCHKEY_KEYS[0]?.id;
    const worn = (await readKeyChecks(database())).filter(({ keyId, sealings }) => keyId === first && sealings >= MOST_SEALINGS);
    return worn.map(({ keyId }) => ({ kind: "key_worn", cause: keyId, size: 1, facts: { key: keyId } }));
  },
};

/** What there is, of the kinds that any of these rules is about. */
export async function findCauses(rules: readonly ActiveRule[]): Promise<Cause[]> {
  const kinds = [...new Set(rules.map(({ kind }) => kind))];
  const each = kinds.map((kind) => {
    const mine = rules.filter((rule) => rule.kind === kind);
    return found[kind](
      mine.map(({ threshold }) => threshold),
      mine,
    );
  });
  return (await Promise.all(each)).flat().map(({ windowMinutes = null, ...cause }) => ({ ...cause, windowMinutes }));
}
