import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { drawn } from "@/tests/figures/figure";
import type { Told } from "./process";
import { type Instance, runKeys, startInstance, type Where } from "./processes";

const KILLS = 20;
/** Milliseconds from the job's first sign of life until it is killed, at most. */
const LONGEST_MS = 1_500;
const AFTERWARDS_MS = 3_000;

export type Rotation = {
  told: Told;
  kills: number;
  endedBefore: number;
  refused: string[];
  wrong: string[];
  left: string;
  changed: boolean;
};

type Wishes = { keys: string; at: Where; seed: number; perSecond: number; mutant: string | null; say: (line: string) => void };

/** A whole rotation as an operator does it: whatever a command allows is done at once, whether it should have been allowed or not. */
export async function rotate({ keys, at, seed, perSecond, mutant, say }: Wishes): Promise<Rotation> {
  const all: Rotation = {
    told: { reads: 0, writes: 0, failed: [] },
    kills: 0,
    endedBefore: 0,
    refused: [],
    wrong: [],
    left: "",
    changed: false,
  };
  const command = (args: string[], ring: string) => {
    const running = runKeys(args, ring, at, mutant);
    const ended = running.ended.then((end) => {
      all.changed ||= end.says.includes("mutated");
      return end;
    });
    return { ...running, ended };
  };
  /** Whether it was allowed; what must be allowed and is not ends the figure. */
  const allowed = async (args: string[], ring: string, must: boolean): Promise<string | null> => {
    const { ok, says, line } = await command(args, ring).ended;
    if (!ok && must) throw new Error(`keys ${args.join(" ")}: ${says}`);
    if (!ok) all.refused.push(args.join(" "));
    else if (!must) all.wrong.push(`${args.join(" ")} was allowed too early`);
    return ok ? line : null;
  };
  const instances: Record<"a" | "b", Instance> = { a: await startInstance(keys, at), b: await startInstance(keys, at) };
  const end = async (name: "a" | "b") => {
    const { reads, writes, failed } = await instances[name].end();
    all.told.reads += reads;
    all.told.writes += writes;
    all.told.failed.push(...failed);
  };
  const anew = async (name: "a" | "b", ring: string) => {
    await end(name);
    instances[name] = await startInstance(ring, at);
  };

  const added = (await allowed(["add"], keys, true)) ?? "";
  const [next = ""] = added.split(",").slice(1);
  const id = next.split(":")[0] ?? "";
  const old = keys.split(":")[0] ?? "";
  await anew("b", added);
  // One instance does not hold it yet.
  let promoted = await allowed(["promote", id], added, false);
  if (promoted === null) {
    await anew("a", added);
    promoted = await allowed(["promote", id], added, true);
  }
  const ring = promoted ?? "";
  await anew("b", ring);
  say(`  two instances on different steps: ${old} seals at one, ${id} at the other`);
  if ((await allowed(["retire", old], ring, false)) !== null) return finish(next);

  for (let number = 0; all.kills < KILLS && number < 3 * KILLS; number += 1) {
    const before = await commands();
    const job = command(["reencrypt", "--per-second", String(perSecond)], ring);
    let over = false;
    const ended = job.ended.then((one) => {
      over = true;
      return one;
    });
    while (!over && (await commands()) === before) await pause(20);
    await Promise.race([ended, pause(drawn(seed, "kill", number) * LONGEST_MS)]);
    if (over) all.endedBefore += 1;
    else {
      job.process.kill("SIGKILL");
      await ended;
      all.kills += 1;
    }
  }
  say(`  killed ${all.kills} times, ${all.endedBefore} runs had come to their end before`);
  await anew("a", ring);
  if ((await allowed(["retire", old], ring, false)) !== null) return finish(next);
  await allowed(["reencrypt", "--per-second", String(perSecond * 4)], ring, true);
  await allowed(["retire", old], ring, true);
  return finish(next);

  /** The old key is taken away, and everybody goes on without it. */
  async function finish(last: string): Promise<Rotation> {
    all.left = last;
    try {
      await anew("a", last);
      await anew("b", last);
      await pause(AFTERWARDS_MS);
    } catch (error) {
      all.wrong.push(`an instance without the old key: ${(error as Error).message}`);
    }
    await Promise.all((["a", "b"] as const).map((name) => end(name).catch(() => undefined)));
    return all;
  }
}

/** How many commands have ever told their keys. */
async function commands(): Promise<number> {
  const found = await database().execute<{ n: number }>(sql`select count(*)::int as n from key_rings where kind = 'command'`);
  return found.rows[0]?.n ?? 0;
}
