import { database } from "@/db/client";
import { dueDeliveries } from "@/db/deliveries";
import { silentForS } from "@/db/workers";
import { deliver } from "@/lib/deliveries/deliver";
import { isSilent } from "@/lib/health/is-silent";
import { log } from "@/lib/log";
import { watch } from "./watch";

const EVERY_MS = 15_000;
/** A process that has just started gives a worker the time to say something. */
const FIRST_MS = 120_000;
const BATCH = 20;

/**
 * A silent worker cannot tell that it is silent: whoever else is awake watches it, and delivers what is waiting, for nobody else does.
 * Resolves to whether all workers are silent.
 */
export async function watchWorker(): Promise<boolean> {
  await watch(["worker_silent"]);
  const silent = await noWorker();
  if (silent) for (const id of await dueDeliveries(database(), BATCH)) await deliver(id);
  return silent;
}

const noWorker = async () => isSilent(await silentForS(database()));

/** What to call again and again. A machine that wakes up finds a silence that is over a moment later, so one is believed when seen twice. */
export function workerLook(): () => Promise<void> {
  let seen = false;
  return async () => {
    const silent = await noWorker();
    if (silent === seen) await watchWorker();
    seen = silent;
  };
}

/** Watches for as long as the process lives. */
export function startWorkerWatch(): void {
  const look = workerLook();
  const again = async () => {
    await look().catch((error: unknown) => log.error("worker_watch_failed", error));
    setTimeout(again, EVERY_MS).unref();
  };
  setTimeout(again, FIRST_MS).unref();
}
