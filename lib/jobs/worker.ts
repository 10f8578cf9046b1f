import { log } from "@/lib/log";
import { sweepConnecting, sweepKeeping } from "./sweep";

const PAUSE_MS = 1_500;

type Worker = { stopping: boolean; wake: Set<() => void>; loops: Promise<unknown> };
const holder = globalThis as { latchkeyWorker?: Worker };

/**
 * Sweeps until stopped, once per process however often it is called. What people wait for has a loop of its own, so that a slow
 * platform's revocations and renewals hold up nobody's code. A round that fails is logged; the next one comes.
 */
export function startWorker(): void {
  if (holder.latchkeyWorker) return;
  const worker: Worker = { stopping: false, wake: new Set(), loops: Promise.resolve() };
  holder.latchkeyWorker = worker;
  worker.loops = Promise.all([run(worker, sweepConnecting), run(worker, sweepKeeping)]);
}

async function run(worker: Worker, sweep: typeof sweepConnecting): Promise<void> {
  const stopping = () => worker.stopping;
  while (!worker.stopping) {
    await sweep({ stopping }).catch((error: unknown) => log.error("sweep_failed", error));
    if (worker.stopping) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        worker.wake.delete(go);
        resolve();
      };
      const timer = setTimeout(go, PAUSE_MS);
      worker.wake.add(go);
    });
  }
}

/** Takes no new work and waits for what is in hand. */
export async function stopWorker(): Promise<void> {
  const worker = holder.latchkeyWorker;
  if (!worker) return;
  worker.stopping = true;
  for (const go of worker.wake) go();
  await worker.loops;
  delete holder.latchkeyWorker;
}
