import { log } from "@/lib/log";
import { sweep } from "./sweep";

const PAUSE_MS = 1_500;

type Worker = { stopping: boolean; loop: Promise<void>; wake: () => void };
const holder = globalThis as { latchkeyWorker?: Worker };

/** Sweeps until stopped, once per process however often it is called. A round that fails is logged; the next one comes. */
export function startWorker(): void {
  if (holder.latchkeyWorker) return;
  const worker: Worker = { stopping: false, loop: Promise.resolve(), wake: () => undefined };
  holder.latchkeyWorker = worker;
  worker.loop = run(worker);
}

async function run(worker: Worker): Promise<void> {
  while (!worker.stopping) {
    await sweep().catch((error: unknown) => log.error("sweep_failed", error));
    if (worker.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      worker.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Takes no new work and waits for what is in hand. */
export async function stopWorker(): Promise<void> {
  const worker = holder.latchkeyWorker;
  if (!worker) return;
  worker.stopping = true;
  worker.wake();
  await worker.loop;
  delete holder.latchkeyWorker;
}
