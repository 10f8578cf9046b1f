import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { LEASE_S } from "@/lib/connections/lease";
import { createKey } from "@/lib/keys/create-key";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { connect } from "./f3/connect";
import { rotatingPlatform } from "./f3/platform";
import { startWorker } from "./f3/processes";
import { postmaster } from "./f10/postmaster";
import { type Figure, spread } from "./figure";
import { type Instance, startInstance } from "./instances/start";

const GATE = 20;
const NIGHT = 200;
const AT_ONCE = 4;
const EVERY_MS = 20;
/** What is promised, from the client's view. */
const MOST_MS = { killed: 10_000, lease: (LEASE_S + 5) * 1000, database: 15_000 };
/** One that never came back is given up then. */
const LONGEST_MS = 60_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds until it is so. */
async function until(isSo: () => Promise<boolean>, everyMs = EVERY_MS): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < LONGEST_MS && !(await isSo().catch(() => false))) await pause(everyMs);
  return performance.now() - began;
}

export const figure: Figure = {
  title: "Until access is served again: a process killed and started anew, a holder killed with its lease, the database's server killed",
  mutants: { "endless-lease": "a lease whose holder died is never anybody else's" },
  night: ["external", "embedded"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const rounds = many ?? (long ? NIGHT : GATE);
    const platform = await rotatingPlatform(seed);
    const merchantId = await makeMerchant("Nile Books");
    const actor = asActor((await makePerson("omar@latchkey.example", "admin")).id);
    const environment = { ...platform.environment, DATABASE_URL: address };
    const { token } = await createKey(actor, { name: "orders", scopes: ["access:read"] });
    const path = `/api/v1/connections/${await connect(platform, merchantId, "served")}/access`;
    const begin = () => startInstance({ member: actor, admin: actor, environment, mutant: null });
    const served = async (instance: Instance) =>
      (await instance.ask(path, { headers: { authorization: `Bearer ${token}` }, fresh: true })).status === 200;

    /** From kill -9 to the first access of the process that is started in its place. */
    const killed = async (): Promise<number[]> => {
      const took: number[] = [];
      let instance = await begin();
      for (let round = 0; round < rounds; round += 1) {
        await until(() => served(instance));
        const began = performance.now();
        await instance.kill();
        instance = await begin();
        await until(() => served(instance));
        took.push(performance.now() - began);
      }
      await instance.kill();
      return took;
    };

    /** From the death of a holder that had claimed and sent nothing to the renewal by another process. */
    const lease = async (): Promise<number[]> => {
      const other = await startWorker({ actor, environment, mutant, clockAhead: false });
      const waiting: Promise<number>[] = [];
      const one = async (round: number) => {
        const connection = await connect(platform, merchantId, `held-${round}`);
        await database().execute(sql`update connections set expires_at = app_now() where id = ${connection}`);
        const doomed = await startWorker({
          actor,
          environment: { ...environment, LATCHKEY_CRASH_AT: "renew.claimed:1" },
          mutant: null,
          clockAhead: false,
        });
        const dead = new Promise<void>((resolve) => doomed.process.once("exit", () => resolve()));
        void doomed.meet({ event: round, connection, seen: 1, callers: 1 });
        await dead;
        await database().execute(sql`update connections set next_refresh_at = app_now() where id = ${connection}`);
        const renewed = async () => {
          const found = await database().execute<{ generation: number }>(sql`select generation from connections where id = ${connection}`);
          return (found.rows[0]?.generation ?? 1) > 1;
        };
        waiting.push(until(renewed, 100));
      };
      const left = Array.from({ length: rounds }, (_, round) => round);
      const lane = async () => {
        for (let round = left.shift(); round !== undefined; round = left.shift()) await one(round);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      const took = await Promise.all(waiting);
      await other.end();
      return took;
    };

    /** From kill -9 of the server's first process to the next access, by a process that lived on. Ours is started again by whoever uses it. */
    const restarted = async (): Promise<number[]> => {
      const took: number[] = [];
      const instance = await begin();
      for (let round = 0; round < rounds; round += 1) {
        await until(() => served(instance));
        const began = performance.now();
        process.kill(await postmaster(), "SIGKILL");
        await until(async () => !(await served(instance)), 1);
        await until(() => served(instance));
        took.push(performance.now() - began);
      }
      await instance.kill();
      return took;
    };

    try {
      const ours = address.includes("host=") || address.includes("%2F");
      const all = {
        killed: mutant === null ? await killed() : [],
        lease: await lease(),
        database: mutant === null && ours ? await restarted() : [],
      };
      for (const [what, took] of Object.entries(all)) say(`  ${what}: ${JSON.stringify(spread(took))}`);
      const late = (what: keyof typeof all) => all[what].filter((ms) => ms > MOST_MS[what]).length;
      const most = (what: keyof typeof all) => `${((spread(all[what])?.most ?? 0) / 1000).toFixed(1)} s`;
      return {
        n: all.killed.length + all.lease.length + all.database.length,
        of: "recoveries",
        failures: late("killed") + late("lease") + late("database"),
        line:
          `${rounds} each: served again ${most("killed")} after kill -9 at most, a dead holder's lease taken over after ${most("lease")}` +
          (ours ? `, served again ${most("database")} after kill -9 of the database's server` : ""),
        result: { mostMs: MOST_MS, killedMs: spread(all.killed), leaseMs: spread(all.lease), databaseMs: spread(all.database) },
      };
    } finally {
      await platform.close();
    }
  },
  notTested: [
    "a start of the built server: the processes run from the sources, which takes longer",
    "an external database's restart, which is its operator's",
    "a machine that is started anew",
  ],
};
