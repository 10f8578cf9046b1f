import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { ids, load } from "./all";
import { each } from "./each";
import type { Figure, SetUp } from "./figure";
import { bound95, type Killed, type Measured, writeMutants, writeResult } from "./result";
import { withDatabase } from "./set-up";
import { writeTable } from "./table";

const USAGE = `npm run figures                             all of them at the size of a gate, one after the other
npm run figures -- --long                   all of them at the size of a night
npm run figures -- --mutants                all of them with their guards switched off
npm run figures -- F3                       one figure, on both set-ups of the database
npm run figures -- F3 --long                at the size of a night
npm run figures -- F3 --seed 7 --many 20    another seed, another number of rounds
npm run figures -- F3 --database embedded   on one set-up only
npm run figures -- F3 --mutant no-lease     with a guard switched off: must end red
npm run figures -- F3 --mutants             every mutant, once: green where all of them are red
npm run figures -- --table                  writes the README's table from what the figures have written
Figures: ${ids().join(", ")}`;

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
  const verdict = outcome.failures === 0 ? `green, 95 % bound ${bound95(figure, outcome)}` : `RED, ${outcome.failures} failures`;
  const on = database === "none" ? "" : ` on ${database}`;
  say(`${id}${on} (seed ${wishes.seed}, ${outcome.n} ${outcome.of}, ${Math.round(measured.seconds)} s): ${verdict}\n  ${outcome.line}`);
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

async function main(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      long: { type: "boolean" },
      seed: { type: "string" },
      many: { type: "string" },
      database: { type: "string" },
      mutant: { type: "string" },
      mutants: { type: "boolean" },
      table: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const { long = false, database, mutant = null } = values;
  const [id] = positionals;
  if (values.help || positionals.length > 1 || (id !== undefined && !ids().includes(id))) throw new Misuse(USAGE);
  if (values.table) {
    writeTable(process.cwd());
    return true;
  }
  if (database !== undefined && database !== "embedded" && database !== "external") throw new Misuse("--database embedded or external");
  const [seed, many] = [Number(values.seed ?? 1), values.many === undefined ? null : Number(values.many)];
  if (!Number.isInteger(seed) || (many !== null && !(many > 0))) throw new Misuse("--seed and --many are numbers.");
  if (id === undefined) return each(args, say);

  const figure = await load(id);
  if (mutant !== null && !(mutant in figure.mutants)) throw new Misuse(`${id} has the mutants ${Object.keys(figure.mutants).join(", ")}.`);
  const wishes = { seed, long, many, mutant };
  const about = { size: long ? "night" : "gate", seed, command: ["npm run figures --", ...args].join(" ") } as const;
  const usual = (long ? figure.night : figure.gate) ?? ["external", "embedded"];
  // A figure that takes care of its databases itself has no other way.
  const setUps: readonly SetUp[] = database && !usual.includes("none") ? [database] : usual;
  const first = setUps[0] ?? "external";

  // A mutant by itself ends as any figure does that is red; all of them together are green where each was found.
  if (mutant !== null) return (await kill(id, figure, [mutant], first, wishes)).every(({ failures }) => failures === 0);
  if (values.mutants) {
    const killed = await kill(id, figure, Object.keys(figure.mutants), first, wishes);
    say(`  written to ${writeMutants(id, figure, about, killed)}`);
    writeTable(process.cwd());
    return killed.every(({ failures }) => failures > 0);
  }
  const measured: Measured[] = [];
  for (const one of setUps) measured.push(await measure(id, figure, one, wishes));
  say(`  written to ${writeResult(id, figure, about, measured)}`);
  writeTable(process.cwd());
  return measured.every(({ failures }) => failures === 0);
}

process.env.LATCHKEY_KEYS ??= `f1:${randomBytes(32).toString("base64")}`;
process.env.AUTH_SECRET ??= randomBytes(33).toString("base64url");
const green = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Misuse ? error.message : (error as Error).stack}\n`);
  return false;
});
process.exit(green ? 0 : 1);
