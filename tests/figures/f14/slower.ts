/** Milliseconds of what should have been asked within one second. */
export type Second = readonly number[];
export type Slower = { quietMs: number; besideMs: number; ratio: number; low: number; high: number };

const DRAWS = 400;
const SHARE = 0.99;

function p99(seconds: readonly Second[]): number {
  const sorted = Float64Array.from(seconds.flat()).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(SHARE * sorted.length))] ?? 0;
}

/**
 * How the p99 of all calls beside hostile platforms compares with that of all quiet ones. The interval (95 %) is drawn by whole seconds:
 * what is slow together is not so many witnesses.
 */
export function slower(quiet: readonly Second[], beside: readonly Second[], random: () => number): Slower {
  const again = (seconds: readonly Second[]) => seconds.map(() => seconds[Math.floor(random() * seconds.length)] ?? []);
  const ratios = Array.from({ length: DRAWS }, () => p99(again(beside)) / p99(again(quiet))).sort((a, b) => a - b);
  const [quietMs, besideMs] = [p99(quiet), p99(beside)];
  return {
    quietMs,
    besideMs,
    ratio: besideMs / quietMs,
    low: ratios[Math.floor(DRAWS * 0.025)] ?? 0,
    high: ratios[Math.floor(DRAWS * 0.975)] ?? 0,
  };
}
