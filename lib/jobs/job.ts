import type { OpenIo } from "@/lib/connections/open-io";
import { log, withCorrelation } from "@/lib/log";

/** What a round is given: the way out to the platforms, and whether the process is about to end, so that nothing new is begun. */
export type Round = { open: OpenIo; stopping: () => boolean };

/**
 * A kind of background work. `round` does what is due now and no more than that; every step claims its row, so any number of processes
 * may be in a round of the same job at once, and one that never comes is made up for by the next. `everyS` seconds lie between two.
 */
export type Job = { name: string; everyS: number; round: (round: Round) => Promise<void> };

/** Works through `items`, `atOnce` at a time. One item's failure is logged and costs the others nothing. */
export async function each<T>(
  job: string,
  items: readonly T[],
  { stopping }: Pick<Round, "stopping">,
  work: (item: T) => Promise<unknown>,
  atOnce = 4,
): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined && !stopping(); item = queue.shift()) {
      const current = item;
      await attended(job, () => work(current));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, lane));
}

/** One piece of a job's work under a reference of its own; what it throws is logged. */
export async function attended(job: string, work: () => Promise<unknown>): Promise<void> {
  await withCorrelation(async () => {
    try {
      await work();
    } catch (error) {
      log.error("job_failed", error, { job });
    }
  });
}
