import { claimDue, handBack, releaseLease } from "@/db/claims";
import { database } from "@/db/client";
import { closedOffers } from "@/db/closed-offers";
import type { Connection } from "@/db/connections";
import { dueProbes } from "@/db/incidents";
import { newId } from "@/db/new-id";
import { worker } from "@/lib/auth/actor";
import { isCold } from "@/lib/connections/is-cold";
import { DOUBT_S, LEASE_S, leaseOf } from "@/lib/connections/lease";
import { gateOf } from "@/lib/connections/open-io";
import { renewClaimed, renewOnce } from "@/lib/connections/renew-once";
import { MOST_CRASHES, setAsidePoisoned } from "@/lib/connections/set-aside-poisoned";
import { tellDoubts } from "@/lib/connections/tell-doubts";
import { PAUSED } from "@/lib/connections/with-client";
import type { Offer } from "@/lib/offers/offer";
import { offers } from "@/lib/offers/offers";
import { attended, each, type Job, type Round } from "./job";

/** Renewals of one offer under way at once in one process; a platform that bears one call at a time gets one. */
const LANES = 60;
const FIRST_LANES = 4;
const BATCH = 200;
/** A round has an end. Every one begins with few lanes, so a short one would spend its time on beginning. */
const MOST_OF_A_ROUND = 10_000;

const holder = globalThis as { latchkeyFeeding?: Map<string, Promise<void>> };
holder.latchkeyFeeding ??= new Map();
const feeding = holder.latchkeyFeeding;

/** Renewals that are due. Each offer is fed by itself, so that a platform which is slow or closed holds up no other. */
export const renewing: Job = {
  name: "renewing",
  everyS: 2,
  round: async (round) => {
    await tellDoubts(BATCH);
    await each("probe", await dueProbes(database()), round, (id) => renewOnce(worker, id, ["active"], round.open));
    const all = offers();
    const closed = await closedOffers(database(), new Map(all.map((offer) => [offer.slug, gateOf(offer)])));
    const open = all.filter(({ slug }) => !closed.has(slug));
    await Promise.all(open.flatMap((offer) => [feed(offer, round, false), feed(offer, round, true)]));
  },
};

/** Once at a time in this process: a round that meets an earlier one's feeding leaves it to that. */
function feed(offer: Offer, round: Round, suspects: boolean): Promise<void> {
  const name = `${offer.slug}${suspects ? ", suspects" : ""}`;
  if (feeding.has(name)) return Promise.resolve();
  const lanes = suspects || offer.provider.pace?.serial ? 1 : LANES;
  const fed = keepLanesFull(offer, round, lanes, suspects).finally(() => feeding.delete(name));
  feeding.set(name, fed);
  return fed;
}

/**
 * Claims as many as there are free lanes and claims again as lanes become free, until nothing is due or the platform takes no more. Begins
 * with few lanes and adds one with every renewal that went well, so that a platform which is down or refuses us is not asked sixty times
 * to say so. What killed its holder before goes alone, so that it takes nobody with it twice.
 */
async function keepLanesFull(offer: Offer, round: Round, most: number, suspects: boolean): Promise<void> {
  const busy = new Set<Promise<void>>();
  let [lanes, closed] = [Math.min(FIRST_LANES, most), false];
  for (let begun = 0; begun < MOST_OF_A_ROUND && !closed && !round.stopping(); ) {
    const claim = { offer: offer.slug, leaseId: newId("lease"), leaseS: LEASE_S, doubtS: DOUBT_S, suspects };
    const rows = await claimDue(database(), { ...claim, limit: lanes - busy.size });
    if (rows.length === 0 && busy.size === 0) break;
    begun += rows.length;
    for (const row of rows) {
      const work: Promise<void> = attended("renew", async () => {
        const end = await renewOne(offer, row, round);
        if (end === "renewed") lanes = Math.min(most, lanes + 1);
        if (end === "closed") closed = true;
      }).finally(() => busy.delete(work));
      busy.add(work);
    }
    // Some lanes at a time, so that a claim is worth its statement.
    do await Promise.race(busy);
    while (busy.size > 0 && busy.size > lanes - Math.ceil(lanes / 8));
  }
  await Promise.all(busy);
}

/** `closed`: the platform takes no more for now, whoever's it is. */
async function renewOne(offer: Offer, row: Connection, round: Round): Promise<"renewed" | "closed" | "other"> {
  if (round.stopping()) {
    await releaseLease(database(), row.id, leaseOf(row));
    return "closed";
  }
  if (row.crashes >= MOST_CRASHES) {
    await setAsidePoisoned(row);
    return "other";
  }
  if (isCold(row, offer.provider.policy(row.renewable))) {
    await handBack(database(), row.id, leaseOf(row), null);
    return "other";
  }
  const renewed = await renewClaimed(worker, row, round.open);
  if (renewed.kind === "renewed") return "renewed";
  return renewed.kind === "failed" && CLOSED.has(renewed.error.code) ? "closed" : "other";
}

/** What is said of the platform as a whole. */
const CLOSED: ReadonlySet<string> = new Set([PAUSED, "paced", "rate_limited"]);
