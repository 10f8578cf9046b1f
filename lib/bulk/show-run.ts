import { countItems, countItemsOf, followRevocations, type ListedItem, listItems } from "@/db/bulk-items";
import { type BulkRun, recentRuns } from "@/db/bulk-runs";
import type { ItemStatus } from "@/db/bulk-tables";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { TELLING_TRIES } from "./acts";
import { ownRun } from "./change-run";
import { resting } from "./resting";
import { type OfferCount, platformOf } from "./summarize";

export type { ListedItem };
export type Counts = Record<ItemStatus, number>;
export type ShownRun = {
  run: BulkRun;
  counts: Counts;
  total: number;
  byOffer: (OfferCount & Counts)[];
  failed: ListedItem[];
  asked: ListedItem[];
  /** Where what waits goes on only later. */
  resting: OfferCount[];
  asOf: Date;
};

const PAGE = 50;
const none = (): Counts => ({ waiting: 0, asked: 0, done: 0, failed: 0 });

/** How far a run has come. `after`: failures from one id on. */
export async function showRun(actor: UserActor, id: string, after = ""): Promise<ShownRun> {
  const run = await ownRun(actor, id);
  if (run.act === "revoke") await followRevocations(database(), run.id, TELLING_TRIES);
  const [counted, failed, asked, closed, asOf] = await Promise.all([
    countItems(database(), run.id),
    listItems(database(), run.id, "failed", after, PAGE),
    listItems(database(), run.id, "asked", "", PAGE),
    resting(run.act),
    readClock(database()),
  ]);
  const counts = none();
  const offers = new Map<string, OfferCount & Counts>();
  for (const { offer, status, n } of counted) {
    counts[status] += n;
    const row = offers.get(offer) ?? { offer, n: 0, ...platformOf(offer), ...none() };
    offers.set(offer, { ...row, n: row.n + n, [status]: n });
  }
  const byOffer = [...offers.values()].sort((a, b) => b.n - a.n);
  const waits = byOffer.filter(({ offer, waiting }) => run.status === "running" && waiting > 0 && closed.has(offer));
  return { run, counts, total: byOffer.reduce((sum, { n }) => sum + n, 0), byOffer, failed, asked, resting: waits, asOf };
}

export type RunLine = { run: BulkRun; counts: Counts; total: number };

/** The newest runs of everybody. */
export async function listRuns(actor: UserActor): Promise<RunLine[]> {
  authorize(actor, "bulk.run");
  const runs = await recentRuns(database(), PAGE);
  const counted = await countItemsOf(
    database(),
    runs.map(({ id }) => id),
  );
  return runs.map((run) => {
    const counts = none();
    for (const { runId, status, n } of counted) if (runId === run.id) counts[status] = n;
    return { run, counts, total: Object.values(counts).reduce((sum, n) => sum + n, 0) };
  });
}
