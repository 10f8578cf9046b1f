import { createHash } from "node:crypto";

/** Where a figure is measured: on one of the databases, or it takes care of that itself. */
export type SetUp = "embedded" | "external" | "none";

export type Options = {
  seed: number;
  /** The size of a night instead of a gate's. */
  long: boolean;
  /** How many, where the figure's usual number is not wanted. */
  many: number | null;
  /** The guard that is switched off, so that the figure must be red. */
  mutant: string | null;
  /** The database's address, migrated and empty; "" where there is none. */
  address: string;
  say: (line: string) => void;
};

/** `failures` of `n` independent rounds; `line` is what a reader is told. */
export type Outcome = { n: number; of: string; failures: number; line: string; result: Record<string, unknown> };

export type Figure = {
  title: string;
  /** Guards that can be switched off, each with what it does. */
  mutants: Record<string, string>;
  /** Where a gate's size is measured, when nobody says otherwise: on both databases. */
  gate?: readonly SetUp[];
  /** The same for a night's size. */
  night: readonly SetUp[];
  /** The rounds are everything that there is, not a sample of it: a bound would say nothing. */
  complete?: true;
  measure: (options: Options) => Promise<Outcome>;
  notTested: readonly string[];
};

/** A figure's guards as it names them, of what it does to each. */
export const doesOf = (changes: Record<string, { does: string }>): Record<string, string> =>
  Object.fromEntries(Object.entries(changes).map(([name, { does }]) => [name, does]));

/** A number below 1 that the seed and the names decide, whatever was drawn before. */
export function drawn(seed: number, ...names: (string | number)[]): number {
  return (
    createHash("sha256")
      .update([seed, ...names].join("/"))
      .digest()
      .readUInt32BE(0) /
    2 ** 32
  );
}

/** Numbers below 1, one after the other, that the seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a list of numbers is like; null where it is empty. */
export function spread(values: readonly number[]): { median: number; p95: number; p99: number; most: number } | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), most: Math.round(sorted.at(-1) ?? 0) };
}
