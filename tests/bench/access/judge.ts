import type { Measured } from "./load-worker";

/** What one run measured, by `<subject>` and how many callers it had, as `nameOf` has it. */
export type Run = Record<string, Measured>;
export type Verdict = { goal: string; value: number; met: boolean };

export const nameOf = (subject: string, callers: number): string => `${subject} at ${callers}`;

/** The same to a few percent: two runs of one and the same subject differ as much. */
const NOISE = 1.05;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return (low + high) / 2;
}

/** The median, over all runs, of what one measured beside what another did in the same run. */
export const ratio = (runs: readonly Run[], one: string, other: string, of: (measured: Measured) => number): number =>
  median(runs.map((run) => (run[one] ? of(run[one]) : Number.NaN) / (run[other] ? of(run[other]) : Number.NaN)));

const perSecond = ({ perSecond: rate }: Measured) => rate;
const [p50, p99] = [(measured: Measured) => measured.p50, (measured: Measured) => measured.p99];

export function judge(runs: readonly Run[]): Verdict[] {
  const [ours, floor, peer] = ["listener", "floor", "better-auth"];
  const at = (one: string, other: string, callers: number, of: (measured: Measured) => number) =>
    ratio(runs, nameOf(one, callers), nameOf(other, callers), of);
  const least = (goal: string, value: number, limit: number): Verdict => ({
    goal: `${goal}: at least ${limit}`,
    value,
    met: value >= limit,
  });
  const most = (goal: string, value: number, limit: number): Verdict => ({ goal: `${goal}: at most ${limit}`, value, met: value <= limit });
  return [
    least("8 callers, requests a second, to the floor", at(ours, floor, 8, perSecond), 0.75),
    least("32 callers, requests a second, to the floor", at(ours, floor, 32, perSecond), 0.85),
    least("8 callers, requests a second, to better-auth by its own sessions", at(ours, peer, 8, perSecond), 4),
    least("8 callers, requests a second, to better-auth that is told whose key it is", at(ours, `${peer} by key`, 8, perSecond), 4),
    most("8 callers, p99, to the floor", at(ours, floor, 8, p99), 2),
    most("8 callers of one hot connection, p50, to the same spread over 1,000", at("hot", ours, 8, p50), NOISE),
    most(
      "8 callers, 1 % of whose requests are renewed at a platform of 200 ms, p50, to the same without",
      at("1 % stale", ours, 8, p50),
      NOISE,
    ),
  ];
}
