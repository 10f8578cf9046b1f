import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type { Figure, SetUp } from "./figure";
import { bound95, type Killed, type Measured, writeMutants, writeResult } from "./result";
import { withDatabase } from "./set-up";

const USAGE = `npm run figures -- F3                       one figure at the size of a gate, on both set-ups of the database
npm run figures -- F3 --long                at the size of a night
npm run figures -- F3 --seed 7 --many 20    another seed, another number of rounds
npm run figures -- F3 --database embedded   on one set-up only
npm run figures -- F3 --mutant no-lease     with a guard switched off: must end red
npm run figures -- F3 --mutants             every mutant, once: green where all of them are red`;

const figures: Record<string, () => Promise<{ figure: Figure }>> = {
  F3: () => import("./f3"),
  F15: () => import("./f15"),
};

class Misuse extends Error {}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

// The product's own log lines would bury the figure.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((chunk: unknown, ...rest: []) =>
  (typeof chunk === "string" && chunk.startsWith('{"at":"')) || write(chunk as string, ...rest)) as typeof process.stdout.write;

type Wishes = { seed: number; long: boolean; many: number | null; mutant: string | null };

async function measure(id: string, figure: Figure, database: SetUp, wishes: Wishes): Promise<Measured> {
  const began = performance.now();
  const outcome = await withDatabase(database, (address) => figure.measure({ ...wishes, address, say }));
  const measured = { ...outcome, database, seconds: (performance.now() - began) / 1000 };
  const bound = bound95(outcome);
  const verdict = outcome.failures === 0 ? `green, 95 % bound ${bound}` : `RED, ${outcome.failures} failures`;
  say(
    `${id} on ${database} (seed ${wishes.seed}, ${outcome.n} ${outcome.of}, ${Math.round(measured.seconds)} s): ${verdict}\n  ${outcome.line}`,
  );
  return measured;
}

/** Each guard switched off once: whether the figure saw it. */
async function kill(id: string, figure: Figure, names: readonly string[], database: SetUp, wishes: Wishes): Promise<Killed[]> {
  const killed: Killed[] = [];
  for (const mutant of names) {
    say(`${id}, mutant ${mutant}: ${figure.mutants[mutant]}`);
    const { n, of, failures } = await measure(id, figure, database, { ...wishes, mutant });
    say(failures > 0 ? "  Red, as it should be." : "  GREEN: the figure does not see that the guard is gone.");
    killed.push({ mutant, does: figure.mutants[mutant] ?? "", database, n, of, failures });
  }
  return killed;
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: "boolean" },
      seed: { type: "string" },
      many: { type: "string" },
      database: { type: "string" },
      mutant: { type: "string" },
      mutants: { type: "boolean" },
    },
  });
  const id = positionals[0] ?? "";
  const load = figures[id];
  if (!load || positionals.length > 1) throw new Misuse(USAGE);
  const { figure } = await load();
  const { long = false, database, mutant = null } = values;
  if (database !== undefined && database !== "embedded" && database !== "external") throw new Misuse("--database embedded or external");
  if (mutant !== null && !(mutant in figure.mutants)) throw new Misuse(`${id} has the mutants ${Object.keys(figure.mutants).join(", ")}.`);
  const [seed, many] = [Number(values.seed ?? 1), values.many === undefined ? null : Number(values.many)];
  if (!Number.isInteger(seed) || (many !== null && !(many > 0))) throw new Misuse("--seed and --many are numbers.");
  const wishes = { seed, long, many, mutant };
  const about = { size: long ? "night" : "gate", seed, command: `npm run figures -- ${process.argv.slice(2).join(" ")}` } as const;

  // A mutant by itself ends as any figure does that is red; all of them together are green where each was found.
  if (mutant !== null) return (await kill(id, figure, [mutant], database ?? "external", wishes)).every(({ failures }) => failures === 0);
  if (values.mutants) {
    const killed = await kill(id, figure, Object.keys(figure.mutants), database ?? "external", wishes);
    say(`  written to ${writeMutants(id, figure, about, killed)}`);
    return killed.every(({ failures }) => failures > 0);
  }
  const setUps: readonly SetUp[] = database ? [database] : long ? figure.night : ["external", "embedded"];
  const measured: Measured[] = [];
  for (const one of setUps) measured.push(await measure(id, figure, one, wishes));
  say(`  written to ${writeResult(id, figure, about, measured)}`);
  return measured.every(({ failures }) => failures === 0);
}

process.env.LATCHKEY_KEYS ??= `f1:${randomBytes(32).toString("base64")}`;
process.env.AUTH_SECRET ??= randomBytes(33).toString("base64url");
const green = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Misuse ? error.message : (error as Error).stack}\n`);
  return false;
});
process.exit(green ? 0 : 1);
