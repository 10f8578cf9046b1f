import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { jobs } from "@/lib/jobs/jobs";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import type { Simulator } from "@/tests/simulators/simulator";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { environmentOf, useOtherProcesses } from "./other-process";
import { expectNewest, makeDue, spendings } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

async function stores(many: number): Promise<string[]> {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < many; index += 1) ids.push((await world.standardStore(owner, `drained-${index}`)).id);
  return ids;
}

/** Jobs of which this worker has done a round. */
async function beating(): Promise<number> {
  const done = sql`select distinct name from pgboss.job where state = 'completed'`;
  const { rows } = await database()
    .execute<{ name: string }>(done)
    .catch(() => ({ rows: [] }));
  return rows.filter(({ name }) => jobs.some((job) => job.name === name)).length;
}

/** The product's own process that only works, beside a platform that takes its time. */
async function working(most: number) {
  let answering = 0;
  const { oauth2 } = world.at.simulators;
  const slow: Simulator = {
    ...oauth2,
    handle: async (request) => {
      answering += 1;
      const answer = await oauth2.handle(request);
      await pause(most / 3 + Math.random() * most);
      answering -= 1;
      return answer;
    },
  };
  const environment = environmentOf(world.at, { oauth2: await others.serve(slow) });
  const server = await others.begin("server", ["--worker-only"], environment);
  return { server, answering: () => answering };
}

it("S-115: SIGTERM in the middle of renewals: ended in time, what was answered is kept, and no lease is left", async () => {
  const ids = await stores(40);
  await makeDue(ids);
  const { server, answering } = await working(900);
  await until(() => spendings(world).length >= 6 && answering() >= 4);
  const begun = performance.now();
  server.child.kill("SIGTERM");
  expect(await server.ended, server.output()).toBe("0");
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(answering()).toBe(0);
  const rows = await Promise.all(ids.map((id) => world.row(id)));
  for (const row of rows) {
    expect(row).toMatchObject({ status: "active", leaseId: null, leaseUntil: null, sentAt: null, trouble: null, crashes: 0 });
    expectNewest(world, row);
  }
  const renewed = rows.filter(({ generation }) => generation === 2).length;
  expect(spendings(world)).toEqual(Array(renewed).fill(200));
  expect(renewed).toBeLessThan(ids.length);
});

it("S-115: told to stop when it has claimed and begun nothing: every lease is handed back, and nobody counts as crashed", async () => {
  const ids = await stores(6);
  await makeDue(ids);
  // Each platform's first claim is made, and then it is to stop.
  let asked = 0;
  await renewing.round({
    open: world.at.open,
    stopping: () => {
      asked += 1;
      return asked > world.at.offers.length;
    },
  });
  expect(world.sent()).toEqual([]);
  const rows = await Promise.all(ids.map((id) => world.row(id)));
  expect(rows.some(({ epoch }) => epoch > 0)).toBe(true);
  for (const row of rows) expect(row).toMatchObject({ leaseId: null, leaseUntil: null, sentAt: null, crashes: 0, trouble: null });
  await renewing.round({ open: world.at.open, stopping: () => false });
  expect(spendings(world)).toEqual(Array(ids.length).fill(200));
});

it("R-15: a worker whose database goes away asks for nothing, lives on, and does everything soon after it is back", async () => {
  await database().execute(sql`drop schema if exists pgboss cascade`);
  const ids = await stores(3);
  const { server } = await working(30);
  for (const end = performance.now() + 60_000; performance.now() < end && (await beating()) < jobs.length; ) await pause(50);
  await database().execute(sql`update connections set next_refresh_at = app_now() + interval '1 second' where id in ${ids}`);
  await whileClosed(address(), async () => {
    await pause(2_000);
    expect(spendings(world)).toEqual([]);
  });
  // What was to be sent just then was lost for good.
  await database().execute(sql`delete from pgboss.job where state in ('created', 'active')`);
  const begun = performance.now();
  await until(() => spendings(world).length >= ids.length);
  expect(performance.now() - begun).toBeLessThan(30_000);
  expect(server.child.exitCode).toBeNull();
  server.child.kill("SIGTERM");
  expect(await server.ended, server.output()).toBe("0");
  for (const id of ids) {
    const row = await world.row(id);
    expect(row).toMatchObject({ status: "active", leaseId: null, sentAt: null, generation: 2 });
    expectNewest(world, row);
  }
});
