import { made, mutants } from "./f5/mutants";
import { type Over, overHttp } from "./f5/over-http";
import { type Fuzzed, vitestFuzz } from "./f5/vitest-fuzz";
import { doesOf, type Figure } from "./figure";

const GATE = 50_000;
const NIGHT = 150_000;
const MUTANT = 1_000;
/** Not so many that the fuzz asks that every end was reached: a mutant is to be red by what it does. */
const MUTANT_SOURCES = 4_000;
/** Of all inputs: what goes through the exchange and the callback's handler in a process, the rest over HTTP to the built product. */
const IN_PROCESS = 0.15;
/** What the second half of a surface may add to what the product holds: 0.8 MB were measured, and a kilobyte of every request would be 3.4. */
const MOST_MB = 3;

/** Caches fill and code is compiled in the first half of the looks; in the second, only what is never given back adds. */
const grown = (looks: readonly number[]) => Math.round(((looks.at(-1) ?? 0) - (looks[(looks.length >> 1) - 1] ?? 0)) * 10) / 10;
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function outcomeOf({ fired, crashes, told, invalid, held }: Over, fuzzed: Fuzzed | null) {
  const inputs: Record<string, number> = Object.fromEntries(
    Object.entries(fired).map(([surface, { statuses }]) => [surface, sum(Object.values(statuses))]),
  );
  if (fuzzed) Object.assign(inputs, { "token responses": fuzzed.tokens, "callbacks, in a process": fuzzed.callbacks });
  const wrong = Object.values(fired).flatMap((one) => one.wrong.map(({ what }) => what));
  const found = {
    crashes: crashes + (fuzzed?.crashes ?? 0),
    unexpected: wrong.length + (fuzzed?.unexpected ?? 0),
    invalid: invalid.length + (fuzzed?.invalid ?? 0),
    canaries: told.length,
  };
  const askedAgain = Object.values(fired).flatMap((one) => one.askedAgain);
  const grewMb = Math.max(0, ...Object.values(held).map(grown));
  const n = sum(Object.values(inputs));
  return {
    n,
    of: "inputs",
    failures: sum(Object.values(found)) + Number(grewMb > MOST_MB) + Number(fuzzed?.failed ?? false),
    line:
      `${n} hostile inputs over ${Object.keys(inputs).length} surfaces: ${found.crashes} crashes, ${found.unexpected} unexpected 5xx or secrets in ` +
      `answers, ${found.canaries} secrets in the log, ${found.invalid} invalid rows, ${askedAgain.length} connections closed under a request that was answered when it was asked again; once warm, the process held ${grewMb} MB more at most`,
    result: {
      inputs,
      statuses: Object.fromEntries(Object.entries(fired).map(([surface, { statuses }]) => [surface, statuses])),
      ...found,
      askedAgain,
      grewMb,
      heldMb: held,
      wrong: Object.fromEntries([...Map.groupBy(wrong, (what) => what)].map(([what, all]) => [what, all.length])),
    },
  };
}

export const figure: Figure = {
  title: "Hostile inputs over every surface: crashes, unexpected 5xx, invalid rows, secrets let out",
  mutants: doesOf(mutants),
  gate: ["external"],
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const wrong = mutant === null ? null : made(mutant);
    const total = many ?? (long ? NIGHT : mutant === null ? GATE : wrong?.sources ? MUTANT_SOURCES : MUTANT);
    try {
      const nothing: Over = { fired: {}, crashes: 0, told: [], invalid: [], held: {} };
      const inProcess = wrong?.sources ? total : wrong ? 0 : Math.round(total * IN_PROCESS);
      const [over, fuzzed] = await Promise.all([
        wrong?.sources ? nothing : overHttp({ total: total - inProcess, seed, address, wrong: wrong?.build ?? null, say }),
        inProcess > 0 ? vitestFuzz(inProcess, seed, wrong?.sources) : null,
      ]);
      return outcomeOf(over, fuzzed);
    } finally {
      wrong?.end();
    }
  },
  notTested: ["branch coverage of the parsers", "requests that are not HTTP at all", "HTTP/2, which the listener does not speak"],
};
