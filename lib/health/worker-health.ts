import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { type DueRenewals, dueByOffer } from "@/db/standing";
import { type Work, workWithin } from "@/db/work";
import { liveWorkers, silentForS } from "@/db/workers";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { offers } from "@/lib/offers/offers";
import { isSilent } from "./is-silent";

export type WorkerHealth = {
  asOf: Date;
  /** When any process last came to the end of a round; null: none ever did. */
  lastRoundAt: Date | null;
  silent: boolean;
  /** How many processes do background work now. */
  processes: number;
  /** Renewals that are due; `more`: there are more than `n`, which nobody counted. */
  due: { n: number; more: boolean; oldestAt: Date | null };
  /** The same by offer, counted up to a limit. */
  dueByOffer: DueRenewals[];
  /** What all processes together did in a minute, as an average over the last five. */
  aMinute: Work;
};

const MINUTES = 5;

/** Whether the background work is done, and what waits for it. Costs the same however many connections there are. */
export async function workerHealth(actor: UserActor, most = 10_000): Promise<WorkerHealth> {
  authorize(actor, "health.read");
  const db = database();
  const slugs = offers().map(({ slug }) => slug);
  const [asOf, silentS, live, due, work] = await Promise.all([
    readClock(db),
    silentForS(db),
    liveWorkers(db),
    dueByOffer(db, slugs, most + 1),
    workWithin(db, MINUTES),
  ]);
  const before = (seconds: number | null) => (seconds === null ? null : new Date(asOf.getTime() - seconds * 1_000));
  const oldestS = due.reduce<number | null>((oldest, one) => (one.oldestS === null ? oldest : Math.max(oldest ?? 0, one.oldestS)), null);
  return {
    asOf,
    lastRoundAt: before(silentS),
    silent: isSilent(silentS),
    processes: live.length,
    due: { n: due.reduce((sum, { n }) => sum + Math.min(n, most), 0), more: due.some(({ n }) => n > most), oldestAt: before(oldestS) },
    dueByOffer: due.map((one) => ({ ...one, n: Math.min(one.n, most) })),
    aMinute: { rounds: work.rounds / MINUTES, renewals: work.renewals / MINUTES },
  };
}
