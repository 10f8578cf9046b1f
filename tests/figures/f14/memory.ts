import { readFileSync } from "node:fs";

const EVERY_MS = 50;

/** A process's memory as the kernel counts it, every 50 ms. `most` is of what was sampled since the last time that it was asked. */
export function watchMemory(pid: number | undefined): { most: () => { mb: number; samples: number }; end: () => void } {
  const rss = () => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.POSITIVE_INFINITY) / 1024;
    } catch {
      // It is gone, which is the worst that could be said of it.
      return Number.POSITIVE_INFINITY;
    }
  };
  let [mb, samples] = [0, 0];
  const timer = setInterval(() => {
    mb = Math.max(mb, rss());
    samples += 1;
  }, EVERY_MS);
  return {
    most: () => {
      const found = { mb, samples };
      [mb, samples] = [0, 0];
      return found;
    },
    end: () => clearInterval(timer),
  };
}
