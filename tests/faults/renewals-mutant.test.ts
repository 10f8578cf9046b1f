import { sql } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { database, type Executor } from "@/db/client";
import { findConnection } from "@/db/connections";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { type Caller, judgeRace } from "./race";
import { faultWorld } from "./steps";

const mutant = vi.hoisted(() => ({ on: false }));

// The claim as if its author had forgotten that somebody else may hold the lease.
vi.mock("@/db/claims", async (load) => {
  const real = await load<typeof import("@/db/claims")>();
  const unchecked = async (db: Executor, id: string, leaseId: string, leaseS: number) => {
    await db.execute(sql`update connections set lease_id = ${leaseId}, epoch = epoch + 1,
      lease_until = app_now() + make_interval(secs => ${leaseS}), sent_at = null where id = ${id}`);
    return findConnection(db, id);
  };
  const claimConnection: typeof real.claimConnection = (...given) =>
    mutant.on ? unchecked(given[0], given[1], given[2], given[3]) : real.claimConnection(...given);
  return { ...real, claimConnection };
});

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

it("R-01: the judge of the race is worth something: without the check of the lease it says no", async () => {
  const { id } = await world.standardStore(await world.shop(), "mutant");
  const caller: Caller = async (platform) => {
    const open = world.through(() => (url, init) => platform.handle(new Request(url, { redirect: "manual", ...init })));
    return (await renewOnce(worker, id, ["active"], open)).kind;
  };
  const callers = Array.from({ length: 100 }, () => caller);
  await judgeRace(world, id, callers);
  mutant.on = true;
  await expect(judgeRace(world, id, callers)).rejects.toThrow();
  // The platform saw a spent token again and ended everything.
  expect(world.at.simulators.oauth2.living()).toEqual([]);
  expect((await database().execute(sql`select 1 from connections`)).rows).toHaveLength(1);
});
