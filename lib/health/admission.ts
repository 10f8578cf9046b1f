import { monitorEventLoopDelay } from "node:perf_hooks";

/** So many may be in hand; fewer where what is in hand keeps the process from anything else. */
export type Limits = { most: number; mostWhenLate: number };

/** A process that comes to each of its tasks so late has more in hand than it can do. */
const LATE_MS = 500;
const LOOK_EVERY_MS = 1_000;

/**
 * Lets in what a process can do within the time that anybody waits: `enter` is null where that is too much already, and else to be called when
 * it is done. Whoever is refused may go to another process at once, and nobody's turn comes after they have gone.
 */
export function admission({ most, mostWhenLate }: Limits, lateByMs: () => number = loopDelay()) {
  let inHand = 0;
  const leave = () => {
    inHand -= 1;
  };
  return {
    enter(): (() => void) | null {
      if (inHand >= most || (inHand >= mostWhenLate && lateByMs() >= LATE_MS)) return null;
      inHand += 1;
      return leave;
    },
  };
}

/** By how much this process's tasks were late on average, over the last second. */
function loopDelay(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let mean = 0;
  const look = () => {
    mean = histogram.count === 0 ? 0 : histogram.mean / 1e6;
    histogram.reset();
  };
  setInterval(look, LOOK_EVERY_MS).unref();
  return () => mean;
}
