import type { GateStand } from "@/db/gates";
import type { DueRenewals } from "@/db/standing";
import { gateOf } from "@/lib/connections/open-io";
import { paceRule } from "@/lib/connections/pace-rule";
import type { Offer } from "@/lib/offers/offer";
import { pauseOf } from "@/lib/offers/offers";
import type { Pace } from "@/lib/providers/contract";

/** How much of what a platform bears is used. Offers that a platform counts together share one. */
export type RateBudget = {
  offers: string[];
  /** Null: the platform names no limit, and is left alone when it says that it is too much. */
  pace: Pick<Pace, "calls" | "perS" | "burst" | "serial"> | null;
  /** Turns of the burst that are taken now, of how many; they come back with time. */
  used: number;
  allowed: number;
  /** Seconds until the next turn; 0: now. */
  freeInS: number;
  pausedS: number;
  pausedWhy: string | null;
  /** Renewals that wait there, and how long they take at that pace; null: nothing holds them up. */
  due: number;
  clearS: number | null;
};

export function rateBudgets(offers: readonly Offer[], gates: readonly GateStand[], due: readonly DueRenewals[], now: Date): RateBudget[] {
  const byGate = Map.groupBy(offers, gateOf);
  return [...byGate].map(([name, sharing]) => {
    const gate = gates.find((one) => one.name === name);
    const pace = sharing[0]?.provider.pace ?? null;
    const waiting = due.reduce((sum, { offer, n }) => sum + (sharing.some(({ slug }) => slug === offer) ? n : 0), 0);
    // By the platform's own word, or by an admin's for as long as it is all of those that share it.
    const admin = Math.min(...sharing.map(({ slug }) => ((pauseOf(slug)?.until.getTime() ?? 0) - now.getTime()) / 1_000));
    const pausedS = Math.ceil(Math.max(gate?.pausedS ?? 0, admin, 0));
    const common = { offers: sharing.map(({ slug }) => slug), pausedS, pausedWhy: gate?.pausedWhy ?? null, due: waiting };
    if (pace === null) return { ...common, pace, used: 0, allowed: 0, freeInS: pausedS, clearS: null };
    const { capacity, perSecond } = paceRule(pace);
    const left = gate ? Math.min(capacity, gate.tokens + gate.countedS * perSecond) : capacity;
    return {
      ...common,
      pace: { calls: pace.calls, perS: pace.perS, burst: pace.burst, ...(pace.serial && { serial: pace.serial }) },
      used: Math.min(capacity, Math.max(0, Math.ceil(capacity - left))),
      allowed: capacity,
      freeInS: Math.max(pausedS, left >= 1 ? 0 : Math.ceil((1 - left) / perSecond)),
      clearS: waiting === 0 ? 0 : pausedS + Math.ceil(Math.max(0, waiting - Math.max(0, left)) / perSecond),
    };
  });
}
