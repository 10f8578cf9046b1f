import fc from "fast-check";
import { keyedRoutes } from "@/tests/api/asked-as";
import { documentNow } from "@/tests/api/client-now";
import { unlawfulRows, unreadableValues } from "@/tests/hostile/support/lawful-rows";
import { readActions } from "@/tests/support/action-manifest";
import { asksOf } from "./f5/asks";
import { type Fired, fire, rssMb } from "./f5/fire";
import { made, mutants } from "./f5/mutants";
import { stand } from "./f5/stand";
import { type Fuzzed, vitestFuzz } from "./f5/vitest-fuzz";
import { doesOf, type Figure } from "./figure";
import { standingProduct } from "./standing-product";

const GATE = 50_000;
const NIGHT = 150_000;
const MUTANT = 5_000;
/** Of all inputs: what goes through the exchange and the callback's handler in a process, the rest over HTTP to the built product. */
const IN_PROCESS = 0.3;
const MOST_MB = 600;

type Over = { fired: Record<string, Fired>; crashes: number; told: string[]; invalid: string[]; grewMb: number };

/** Over HTTP, to the built product, of which `folder` may hold another. */
async function overHttp(total: number, seed: number, address: string, folder: string | undefined, say: (line: string) => void) {
  const { tokens, keys, known } = await stand();
  const product = await standingProduct(address, folder);
  const over: Over = { fired: {}, crashes: 0, told: [], invalid: [], grewMb: 0 };
  try {
    const routes = keyedRoutes(documentNow()).filter(({ path }) => !path.includes("/proxy"));
    const webhookKey = product.world.environment.SQUARE_WEBHOOK_KEY ?? "";
    const surfaces = Object.entries(asksOf({ url: product.url, actions: readActions(), routes, keys, webhookKey, known }));
    const before = rssMb(product.pid);
    for (const [surface, ask] of surfaces) {
      const fired = await fire(product, fc.sample(ask, { seed, numRuns: Math.ceil(total / surfaces.length) }), tokens);
      over.fired[surface] = fired;
      const statuses = Object.entries(fired.statuses).map(([status, times]) => `${times} x ${status}`);
      say(`  ${surface}: ${statuses.join(", ")}; ${fired.wrong.length} wrong`);
      for (const { what, ask } of fired.wrong.slice(0, 5)) say(`    ${what}: ${JSON.stringify(ask).slice(0, 600)}`);
      if (product.ended() !== null) over.crashes = 1;
      else over.grewMb = Math.max(over.grewMb, Math.round(rssMb(product.pid) - before));
    }
    over.told = product.lines.filter((line) => line.includes("CNRY-"));
    over.invalid = [...(await unlawfulRows()), ...(await unreadableValues())];
    for (const line of over.invalid.slice(0, 5)) say(`  ${line}`);
    return over;
  } finally {
    await product.close();
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function outcomeOf({ fired, crashes, told, invalid, grewMb }: Over, fuzzed: Fuzzed | null) {
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
  const n = sum(Object.values(inputs));
  return {
    n,
    of: "inputs",
    failures: sum(Object.values(found)) + Number(grewMb > MOST_MB) + Number(fuzzed?.failed ?? false),
    line:
      `${n} hostile inputs over ${Object.keys(inputs).length} surfaces: ${found.crashes} crashes, ${found.unexpected} unexpected 5xx or secrets in ` +
      `answers, ${found.canaries} secrets in the log, ${found.invalid} invalid rows; the process grew by ${grewMb} MB`,
    result: {
      inputs,
      statuses: Object.fromEntries(Object.entries(fired).map(([surface, { statuses }]) => [surface, statuses])),
      ...found,
      grewMb,
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
    const total = many ?? (long ? NIGHT : mutant === null ? GATE : MUTANT);
    const wrong = mutant === null ? null : made(mutant);
    try {
      const nothing: Over = { fired: {}, crashes: 0, told: [], invalid: [], grewMb: 0 };
      const inProcess = wrong?.sources ? total : wrong ? 0 : Math.round(total * IN_PROCESS);
      const over = wrong?.sources ? nothing : await overHttp(total - inProcess, seed, address, wrong?.build, say);
      return outcomeOf(over, inProcess > 0 ? await vitestFuzz(inProcess, seed, wrong?.sources) : null);
    } finally {
      wrong?.end();
    }
  },
  notTested: ["branch coverage of the parsers", "requests that are not HTTP at all", "HTTP/2, which the listener does not speak"],
};
