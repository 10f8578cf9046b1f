import { type BulkItem, claimItems, followRevocations, postponeItem, waitingOffers } from "@/db/bulk-items";
import { type BulkRun, findRun, finishRun, stopRun } from "@/db/bulk-runs";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { worker } from "@/lib/auth/actor";
import { each, type Round } from "@/lib/jobs/job";
import { log } from "@/lib/log";
import { offers } from "@/lib/offers/offers";
import { TELLING_TRIES } from "./acts";
import { doItem } from "./do-item";
import { actorOfRun } from "./may";
import { resting } from "./resting";

/** Longer than a test that has to renew first. */
const LEASE_S = 100;
const LANES = 12;
const BATCH = 60;
const ROUND_MS = 10_000;

/** Carries a run on for a while, each platform by itself, and ends it when nothing of it is left to do. */
export async function workRun(run: BulkRun, round: Round): Promise<void> {
  const [slugs, closed] = await Promise.all([waitingOffers(database(), run.id), resting(run.act)]);
  await Promise.all(slugs.flatMap((offer) => (closed.has(offer) ? [] : workOffer(run, offer, round))));
  if (run.act === "revoke") await followRevocations(database(), run.id, TELLING_TRIES);
  await transaction(async (tx) => {
    if (await finishRun(tx, run.id)) await insertEvent(tx, { kind: "bulk.finished", actor: worker, facts: { run: run.id, act: run.act } });
  });
}

async function workOffer(run: BulkRun, offer: string, round: Round): Promise<void> {
  const pace = offers().find(({ slug }) => slug === offer)?.provider.pace ?? null;
  const [lanes, limit] = pace?.serial ? [1, 5] : pace?.burst ? [1, 1] : [LANES, BATCH];
  const until = performance.now() + ROUND_MS;
  let closed = false;
  const enough = () => closed || round.stopping();
  while (!enough() && performance.now() < until) {
    // What a person may do, and in whose name it goes on, is asked anew for each batch: it may have changed meanwhile.
    const now = await findRun(database(), run.id);
    if (now?.status !== "running") return;
    const actor = await actorOfRun(now.byId, now.act);
    if (!actor) return halt(now);
    const items = await claimItems(database(), { runId: run.id, offer, leaseId: newId("lease"), leaseS: LEASE_S, limit });
    if (items.length === 0) return;
    const work = async (item: BulkItem) => {
      if (enough()) return postponeItem(database(), item, 0, item.code, false);
      if (await doItem(actor, now, item, round.open)) closed = true;
    };
    await each("bulk", items, { stopping: () => false }, work, lanes);
  }
}

async function halt(run: BulkRun): Promise<void> {
  await transaction(async (tx) => {
    if (!(await stopRun(tx, run.id, "may_not"))) return;
    await insertEvent(tx, { kind: "bulk.stopped", actor: worker, facts: { run: run.id, act: run.act, why: "may_not" } });
    log.warn("bulk_run_stopped", { run: run.id, cause: "may_not" });
  });
}
