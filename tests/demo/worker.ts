import { type Product, startProduct } from "./product";

/** `stopping`: it begins nothing new and finishes what it has in hand. */
export type WorkerState = "running" | "stopping" | "stopped";
export type Worker = { state: () => WorkerState; start: () => void; stop: () => Promise<void> };

/** The process that does the background work, which somebody at the desk may stop and start. */
export function demoWorker(environment: Record<string, string>, onLine: (line: string) => void): Worker {
  let current: Product | null = null;
  let stopping: Promise<unknown> | null = null;

  function start(): void {
    // One that is about to end is followed by another, as wherever a supervisor is.
    if (current && !stopping) return;
    const started = startProduct({ environment, onLine, program: ["dist/server.js", "--worker-only"] });
    current = started;
    stopping = null;
    all.add(started);
    void started.ended.then(() => {
      all.delete(started);
      if (current !== started) return;
      current = null;
      stopping = null;
    });
  }

  const all = new Set<Product>();
  return {
    state: () => (current === null ? "stopped" : stopping ? "stopping" : "running"),
    start,
    async stop() {
      stopping = current?.stop() ?? null;
      await Promise.all([...all].map(({ stop }) => stop()));
    },
  };
}
