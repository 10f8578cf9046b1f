import { claimDue, handBack, releaseLease } from "@/db/claims";
import { database } from "@/db/client";
import { closedOffers } from "@/db/closed-offers";
import type { Connection } from "@/db/connections";
import { dueProbes } from "@/db/incidents";
import { worker } from "@/lib/auth/actor";
import { isCold } from "@/lib/connections/is-cold";
import { DOUBT_S, LEASE_S, leaseOf, newLease } from "@/lib/connections/lease";
import { gateOf } from "@/lib/connections/open-io";
import { renewClaimed, renewOnce } from "@/lib/connections/renew-once";
import { MOST_CRASHES, setAsidePoisoned } from "@/lib/connections/set-aside-poisoned";
import { tellDoubts } from "@/lib/connections/tell-doubts";
import { PAUSED } from "@/lib/connections/with-client";
import { crossing } from "@/lib/crash-point";
import type { Offer } from "@/lib/offers/offer";
import { offers } from "@/lib/offers/offers";
import { attended, each, type Job, type Round } from "./job";

/** Renewals of one offer under way at once in one process; a platform that bears one call at a time gets one. */
const LANES = 60;
const FIRST_LANES = 4;
const BATCH = 200;
/** A round claims nothing new after so long, suspects apart: what became due elsewhere meanwhile is not to wait for a slow platform. */
const ROUND_MS = 15_000;
/** And so long an offer's suspects are begun, each after the one before it. */
const SUSPECTS_MS = 5_000;

/** What an offer's lanes had grown to in a round that ended with work left, which the next goes on with. */
const holder = globalThis as { latchkeyLanes?: Map<string, number> };
holder.latchkeyLanes ??= new Map();
const grown = holder.latchkeyLanes;

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
    await Promise.all(open.map((offer) => keepLanesFull(offer, round)));
    for (const offer of open) await renewSuspects(offer, round);
  },
};

const claimOf = (offer: Offer) => ({ offer: offer.slug, leaseId: newLease(), leaseS: LEASE_S, doubtS: DOUBT_S });

/**
 * Claims as many as there are free lanes and claims again as lanes become free, until nothing is due or the platform takes no more. Begins
 * with few lanes and adds one with every renewal that went well, so that a platform which is down or refuses us is not asked sixty times
 * to say so, and halves them with every one that did not.
 */
async function keepLanesFull(offer: Offer, round: Round): Promise<void> {
  const until = performance.now() + ROUND_MS;
  const most = offer.provider.pace?.serial ? 1 : LANES;
  const busy = new Set<Promise<void>>();
  let [lanes, closed] = [grown.get(offer.slug) ?? Math.min(FIRST_LANES, most), false];
  while (!closed && !round.stopping() && performance.now() < until) {
    const some = Math.ceil(lanes / 8);
    const rows = await crossing("due.claim", () =>
      claimDue(database(), { ...claimOf(offer), limit: Math.min(some, lanes - busy.size), suspects: false }),
    );
    if (rows.length === 0 && busy.size === 0) break;
    for (const row of rows) {
      const work: Promise<void> = attended("renew", async () => {
        const end = await renewOne(offer, row, round);
        if (end === "closed") closed = true;
        if (end === "renewed") lanes = Math.min(most, lanes + 1);
        if (end === "troubled") lanes = Math.max(Math.min(FIRST_LANES, most), Math.floor(lanes / 2));
      }).finally(() => busy.delete(work));
      busy.add(work);
    }
    // Some lanes at a time: one is not worth a statement, and all of them in step would wait together and then work together.
    if (rows.length === 0) await Promise.race(busy);
    while (busy.size > lanes - some) await Promise.race(busy);
  }
  if (performance.now() < until) grown.delete(offer.slug);
  else grown.set(offer.slug, lanes);
  await Promise.all(busy);
}

/** What killed its holder before goes one at a time while no other renewal of this process is under way, so that it takes none with it. */
async function renewSuspects(offer: Offer, round: Round): Promise<void> {
  for (const until = performance.now() + SUSPECTS_MS; performance.now() < until && !round.stopping(); ) {
    const [row] = await crossing("due.claim_suspect", () => claimDue(database(), { ...claimOf(offer), limit: 1, suspects: true }));
    if (!row) return;
    await attended("renew", () => renewOne(offer, row, round));
  }
}

/** `closed`: the platform takes no more for now, whoever's it is; `troubled`: it did not do what it should. */
async function renewOne(offer: Offer, row: Connection, round: Round): Promise<"renewed" | "closed" | "troubled" | "other"> {
  if (round.stopping()) {
    await crossing("due.release", () => releaseLease(database(), row.id, leaseOf(row)));
    return "closed";
  }
  if (row.crashes >= MOST_CRASHES) {
    await setAsidePoisoned(row);
    return "other";
  }
  if (isCold(row, offer.provider.policy(row.renewable))) {
    await crossing("due.hand_back", () => handBack(database(), row.id, leaseOf(row), null));
    return "other";
  }
  const renewed = await renewClaimed(worker, row, round.open);
  if (renewed.kind !== "failed") return renewed.kind === "renewed" ? "renewed" : "other";
  if (CLOSED.has(renewed.error.code)) return "closed";
  return renewed.error.trouble === "reconnect" || renewed.error.trouble === "declined" ? "other" : "troubled";
}

/** What is said of the platform as a whole. */
const CLOSED: ReadonlySet<string> = new Set([PAUSED, "paced", "rate_limited"]);
