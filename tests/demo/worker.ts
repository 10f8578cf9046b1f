import { type Product, startProduct } from "./product";

export type Worker = { running: () => boolean; start: () => void; stop: () => Promise<void> };

/** The process that does the background work, which somebody at the desk may stop and start. */
export function demoWorker(environment: Record<string, string>, onLine: (line: string) => void): Worker {
  let current: Product | null = null;
  return {
    running: () => current !== null,
    start() {
      if (current) return;
      const started = startProduct({ environment, onLine, program: ["dist/server.js", "--worker-only"] });
      current = started;
      void started.ended.then(() => {
        if (current === started) current = null;
      });
    },
    async stop() {
      await current?.stop();
    },
  };
}
