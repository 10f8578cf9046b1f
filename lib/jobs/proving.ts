import { database } from "@/db/client";
import { closedOffers } from "@/db/closed-offers";
import { dueProofs, scheduleUnproved } from "@/db/proofs";
import { gateOf } from "@/lib/connections/open-io";
import { proveAgain } from "@/lib/connections/prove-again";
import type { Offer } from "@/lib/offers/offer";
import { offers } from "@/lib/offers/offers";
import type { Pace } from "@/lib/providers/contract";
import { each, type Job, type Round } from "./job";

const EVERY_S = 20;
const MOST = 100;
/** Where much is due, a round goes on for so long. */
const ROUND_MS = 15_000;

/** Finds out what platforms did not tell: each connection is proved once in a while, though nobody asks for it. */
export const proving: Job = {
  name: "proving",
  everyS: EVERY_S,
  round: async (round) => {
    await scheduleUnproved(database(), 1_000);
    const closed = await closedOffers(database(), new Map(offers().map((offer) => [offer.slug, gateOf(offer)])));
    await Promise.all(offers().flatMap((offer) => (closed.has(offer.slug) ? [] : proveDue(offer, round))));
  },
};

/** Ends early where the platform wants to be asked less, or does not take our client. */
async function proveDue({ slug, provider: { pace } }: Offer, round: Round): Promise<void> {
  let enough = false;
  const stopping = () => enough || round.stopping();
  const prove = async (id: string) => {
    const tested = await proveAgain(id, round.open);
    enough ||= tested?.kind === "not_now" || (tested?.kind === "failed" && tested.trouble === "operator");
  };
  const until = performance.now() + ROUND_MS;
  const batch = batchOf(pace);
  for (;;) {
    const due = await dueProofs(database(), slug, batch);
    await each("prove", due, { stopping }, prove, pace?.serial ? 1 : 4);
    if (pace !== null || due.length < batch || stopping() || performance.now() > until) return;
  }
}

/**
 * Where a platform counts, a quarter of what it allows in that time, or one: renewals and callers need it more, and half of a burst is left to
 * callers anyway.
 */
function batchOf(pace: Pace | null): number {
  if (pace === null) return MOST;
  return Math.min(MOST, Math.max(1, Math.floor((pace.calls / pace.perS) * EVERY_S * 0.25)));
}
