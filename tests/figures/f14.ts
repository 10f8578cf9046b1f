import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Change, changedBundle } from "./changed-bundle";
import type { Told, Wanted } from "./f14/caller";
import { hostile, kinds } from "./f14/platform";
import { type Figure, spread } from "./figure";

const MOST_MB = 32;
/** The limit of a call, and what a timer may be late on a busy machine. */
const MOST_MS = 20_000 + 1_000;
/** Slower than without hostile neighbours by no more than a tenth, or by what a clock tick is. */
const MOST_SLOWER = 1.1;
const TICK_MS = 1;
const GATE = { atOnce: 4, windows: 3, windowMs: 5_000 };
const NIGHT = { atOnce: 8, windows: 20, windowMs: 10_000 };

const changes: Record<string, { does: string; changes: Change[] }> = {
  "no-limit-of-size": {
    does: "a body is read to its end, however long it is",
    changes: [{ file: "lib/http.ts", from: 'if (size > maxBytes) throw new Error("body too large");', to: "" }],
  },
  "no-limit-of-time": {
    does: "a call may take ten minutes",
    changes: [{ file: "lib/http.ts", from: "const whole = deadline(wholeTimeoutMs);", to: "const whole = deadline(600_000);" }],
  },
};

export const figure: Figure = {
  title: "What a hostile platform costs: memory, time, and how its neighbours fare",
  mutants: Object.fromEntries(Object.entries(changes).map(([name, { does }]) => [name, does])),
  gate: ["external"],
  night: ["external"],
  measure: async ({ long, mutant }) => {
    const size = long ? NIGHT : mutant === null ? GATE : { ...GATE, windows: 1 };
    const program = await changedBundle("tests/figures/f14/caller.ts", mutant === null ? [] : (changes[mutant]?.changes ?? []));
    const good = await hostile("good");
    const platforms = await Promise.all(Object.keys(kinds).map(async (kind) => ({ kind, ...(await hostile(kind)) })));
    try {
      const wanted = { good: good.port, hostile: platforms.map(({ kind, port }) => ({ kind, port })), ...size };
      const { calls, moreMb, quietMs, besideMs } = await ask(program, wanted);
      const late = calls.filter(({ ms }) => ms > MOST_MS);
      const believed = calls.filter(({ end, kind }) => /^2/.test(end) || (/^3/.test(end) && !kind.startsWith("redirects")));
      const [quiet, beside] = [p99(quietMs), p99(besideMs)];
      const slowed = beside > Math.max(quiet * MOST_SLOWER, quiet + TICK_MS);
      const worstMs = Math.round(Math.max(...calls.map(({ ms }) => ms)));
      return {
        n: calls.length,
        of: "hostile calls",
        failures: late.length + believed.length + Number(moreMb > MOST_MB) + Number(slowed),
        line:
          `${calls.length} calls to ${platforms.length} kinds of hostile platform, ${platforms.length * size.atOnce} at once: +${moreMb.toFixed(1)} MB at the most, ` +
          `the longest ended after ${(worstMs / 1000).toFixed(1)} s; a neighbour's ${besideMs.length} calls took ${beside.toFixed(1)} ms (99 %), ${quiet.toFixed(1)} ms without`,
        result: {
          moreMb: Math.round(moreMb * 10) / 10,
          worstMs,
          kinds: Object.fromEntries(
            platforms.map(({ kind }) => {
              const own = calls.filter((one) => one.kind === kind);
              return [kind, { ends: [...new Set(own.map(({ end }) => end))], ms: spread(own.map(({ ms }) => ms)) }];
            }),
          ),
          neighbour: { quiet: { calls: quietMs.length, p99Ms: quiet }, beside: { calls: besideMs.length, p99Ms: beside } },
          ...size,
        },
      };
    } finally {
      await Promise.all([good, ...platforms].map((one) => one.close()));
      rmSync(dirname(program), { recursive: true });
    }
  },
  notTested: [
    "hostile platforms over TLS",
    "what the kernel holds for connections",
    "more than one hostile platform of each kind at a time",
  ],
};

const p99 = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

function ask(program: string, wanted: Wanted): Promise<Told> {
  const child = fork(program, [], { execArgv: ["--expose-gc"], env: { PATH: process.env.PATH, NODE_ENV: "test" } });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The caller ended with ${code}.`)));
    child.on("message", (told: Told | "ready") => {
      if (told === "ready") child.send(wanted);
      else resolve(told);
    });
  });
}
