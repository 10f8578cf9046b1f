import { PgBoss } from "pg-boss";
import { runText } from "@/db/client";
import { log } from "@/lib/log";
import type { Job, Round } from "./job";

/** In a schema of its own, in the same database, through the same pool. No LISTEN: a pooler between would lose it. */
function makeBoss(options: { supervise: boolean }): PgBoss {
  const boss = new PgBoss({
    db: {
      executeSql: async (text, values) => {
        const answer = await runText(text, values);
        return { rows: [answer].flat().flatMap(({ rows }) => rows) };
      },
    },
    schema: "pgboss",
    reindex: false,
    // Pulses that are done are worth nothing: they go within minutes, not once a day.
    maintenanceIntervalSeconds: 300,
    ...options,
  });
  boss.on("error", seldom);
  return boss;
}

const SELDOM_MS = 10_000;
let lastTold = Number.NEGATIVE_INFINITY;

/** While the database is down every queue says so every second, and one line in a while is enough. */
function seldom(error: Error): void {
  if (performance.now() - lastTold < SELDOM_MS) return;
  lastTold = performance.now();
  log.error("job_store_failed", error);
}

/** Makes or updates what pg-boss keeps in the database. A deploy step may do it before the first worker; every worker does it as well. */
export async function installBoss(): Promise<void> {
  const boss = makeBoss({ supervise: false });
  await boss.start();
  await boss.stop({ graceful: false });
}

/** A pulse that was lost with the database is missed for no longer; where one waits, another changes nothing. */
const ANEW_MS = 5_000;

/**
 * Keeps every job's pulse: a queue in which one round at most waits, whose taker sends the next before it begins its own, so that a process
 * that dies in a round takes nothing with it and a round that is slow holds up no other process. Every few seconds, and once a minute by
 * the database's own schedule, the pulse is sent anew in case it was lost. Resolves to what ends it: no round begins after that, and
 * those under way are waited for.
 */
export async function runJobs(jobs: readonly Job[], round: Round): Promise<() => Promise<void>> {
  const boss = makeBoss({ supervise: true });
  try {
    return await keepPulses(boss, jobs, round);
  } catch (error) {
    // Else it would go on beside the next try's.
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw error;
  }
}

async function keepPulses(boss: PgBoss, jobs: readonly Job[], round: Round): Promise<() => Promise<void>> {
  await boss.start();
  const underWay = new Set<Promise<void>>();
  for (const job of jobs) {
    await boss.createQueue(job.name, { policy: "short", retryLimit: 0, expireInSeconds: 900, deleteAfterSeconds: 60 });
    await boss.schedule(job.name, "* * * * *");
    await boss.send(job.name);
    await boss.work(job.name, { pollingIntervalSeconds: Math.min(job.everyS, 2) / 2 }, async () => {
      if (round.stopping()) return;
      await boss.send(job.name, {}, { startAfter: job.everyS });
      const work = job.round(round).catch((error: unknown) => log.error("round_failed", error, { job: job.name }));
      underWay.add(work);
      await work.finally(() => underWay.delete(work));
    });
  }
  const anew = setInterval(() => {
    for (const { name } of jobs) boss.send(name).catch((error: unknown) => log.error("pulse_not_sent", error, { job: name }));
  }, ANEW_MS).unref();
  return async () => {
    clearInterval(anew);
    await boss.stop({ graceful: true, timeout: 15_000 });
    await Promise.all(underWay);
  };
}
