import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createKey } from "@/lib/keys/create-key";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { changedBundle } from "./changed-bundle";
import { rotatingPlatform } from "./f3/platform";
import { prepare, type Told } from "./f14/attack";
import { startHostile } from "./f14/hostile";
import { judge, type Seen } from "./f14/judge";
import { watchMemory } from "./f14/memory";
import { mutants } from "./f14/mutants";
import { neighbour } from "./f14/neighbour";
import type { Call } from "./f14/platform";
import { doesOf, type Figure, randomOf } from "./figure";

/** Pairs of a quiet window and one beside hostile platforms, in which the slowest of them have time to be given up. */
const GATE = 4;
const NIGHT = 30;
const QUIET_S = 12;
const BESIDE_S = 20;
/** It is warm once it has not grown for so many slices of so many seconds. */
const WARM_PER_SECOND = 1_000;
const SLICE_S = 5;
const STEADY = 3;
const MOST_SLICES = 10;
const MUTANT_S = 5;
const SETTLED_MS = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(program: string, environment: Record<string, string>) {
  const child = fork(program, [], {
    execArgv: [],
    env: { ...process.env, ...environment, NODE_ENV: "test" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The product ended with ${code}.`)));
    child.once("message", (told) => resolve(Number(told)));
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { pid: child.pid, port, kill };
}

export const figure: Figure = {
  title: "What hostile platforms cost: memory and time of the product, and the latencies of a merchant beside them",
  mutants: doesOf(mutants),
  gate: ["external"],
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const changed = mutant === null ? null : mutants[mutant];
    const pairs = many ?? (changed ? 1 : long ? NIGHT : GATE);
    const folder = mkdtempSync(join(tmpdir(), "latchkey-f14-"));
    const program = await changedBundle("tests/figures/f14/process.ts", changed?.changes ?? []);
    const platform = await rotatingPlatform(seed);
    const hostile = await startHostile();
    const [merchant, other] = [await makeMerchant("Nile Books"), await makeMerchant("Riyadh Trading")];
    const actor = asActor((await makePerson("omar@latchkey.example", "admin")).id);
    const { token } = await createKey(actor, { name: "orders", scopes: ["access:read"], requestsPerSecond: 1_000_000 });
    const live = await neighbour(platform, merchant, token);
    const product = await start(program, { ...platform.environment, DATABASE_URL: address, LATCHKEY_JOURNAL: join(folder, "journal") });
    const memory = watchMemory(product.pid);
    const windows: Seen[] = [];
    const [calls, told]: [Call[], Told[]] = [[], []];
    let connections = 0;

    const quiet = async () =>
      windows.push({ beside: false, seen: await live(product.port, changed ? MUTANT_S : QUIET_S), mb: memory.most().mb });
    const beside = async (number: number) => {
      const seconds = changed && changed.sees !== "time" ? MUTANT_S : BESIDE_S;
      const attack = await prepare(hostile, other, seconds, number);
      connections += attack.connections;
      const asked: Promise<Told>[] = [];
      const seen = await live(product.port, seconds, { each: (second) => asked.push(...attack.begin(second, product.port, token)) });
      told.push(...(await Promise.all(asked)));
      calls.push(...(await hostile.over()));
      // What a call came to is written a moment after its end.
      await pause(SETTLED_MS);
      await attack.end();
      calls.push(...(await hostile.over()));
      windows.push({ beside: true, seen, mb: memory.most().mb });
    };

    try {
      // By itself it grows by 70 MB in its first 30,000 calls or so, and then no further.
      let warmMb = 0;
      for (let [slice, steady] = [0, 0]; steady < STEADY && slice < (changed ? 1 : MOST_SLICES); slice += 1) {
        await live(product.port, SLICE_S, { perSecond: WARM_PER_SECOND });
        const { mb } = memory.most();
        steady = mb > warmMb + 1 ? 0 : steady + 1;
        warmMb = Math.max(warmMb, mb);
      }
      say(`  warm at ${Math.round(warmMb)} MB`);
      for (let number = 0; number < pairs; number += 1) {
        // The one first and then the other, so that what else this machine does, and how it changes, falls on both.
        for (const hostileNow of number % 2 === 0 ? [false, true] : [true, false]) {
          await (hostileNow ? beside(number) : quiet());
          await pause(SETTLED_MS);
        }
        say(`  ${number + 1} of ${pairs} pairs, ${calls.length} hostile calls, ${windows.map(({ mb }) => Math.round(mb)).join(" ")} MB`);
      }
      return await judge({ windows, calls, told, connections, warmMb }, changed?.sees ?? null, randomOf(seed));
    } finally {
      memory.end();
      await product.kill();
      hostile.close();
      await platform.close();
      for (const one of [folder, dirname(program)]) rmSync(one, { recursive: true, force: true });
    }
  },
  notTested: [
    "hostile platforms over TLS, or on another machine: all of it shares two processors, the platforms with less of a claim to them",
    "what the kernel holds for connections",
    "how soon the background renews a neighbour: published, and no part of the judgement, since it begins at half of a life",
    "the pages' part of a process, and exchanges of codes: they leave by the same way",
  ],
};
