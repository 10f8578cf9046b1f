/** The time of all platforms, which goes ahead of this machine's together with the product's. */
export type Clock = { now: () => Date; aheadMs: () => number; move: (ms: number) => void };

export function worldClock(aheadMs = 0): Clock {
  let ahead = aheadMs;
  return {
    now: () => new Date(Date.now() + ahead),
    aheadMs: () => ahead,
    move(ms) {
      ahead += ms;
    },
  };
}
