import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { liveWorkers, silentForS } from "@/db/workers";
import { installBoss } from "@/lib/jobs/boss";
import { jobs } from "@/lib/jobs/jobs";
import { startWorker, stopWorker } from "@/lib/jobs/worker";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const holder = globalThis as { latchkeyFetch?: unknown };
const at = platforms();

beforeEach(() => {
  holder.latchkeyFetch = at.fetch;
});
afterEach(async () => {
  await stopWorker();
  await resetClock();
  delete holder.latchkeyFetch;
});

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < 30_000; await pause(100)) if (await look()) return;
  throw new Error(`${what} did not come to pass`);
}

const generation = async (id: string) => (await findConnection(database(), id))?.generation ?? 0;
const due = (id: string) => database().execute(sql`update connections set next_refresh_at = app_now() where id = ${id}`);
const pulses = async () =>
  (await database().execute<{ name: string }>(sql`select name from pgboss.job where state = 'created' order by name`)).rows.map(
    ({ name }) => name,
  );

describe("the worker", () => {
  it("renews what is due without being called, says that it lives, and stops with nothing in hand", async () => {
    const row = await connected(at, await aMerchant("Worker shop"), "square");
    await due(row.id);
    startWorker("web");
    startWorker("web");
    await until("a renewal", async () => (await generation(row.id)) > row.generation);
    await until("a beat", async () => (await silentForS(database())) !== null);
    expect(await liveWorkers(database())).toMatchObject([{ kind: "web" }]);
    await stopWorker();
    expect(await findConnection(database(), row.id)).toMatchObject({ leaseId: null, sentAt: null });
    const before = await generation(row.id);
    await due(row.id);
    await pause(2_500);
    expect(await generation(row.id)).toBe(before);
    await moveClock("121 seconds");
    expect(await silentForS(database())).toBeGreaterThan(120);
    expect(await liveWorkers(database())).toEqual([]);
  });

  it("keeps one pulse of each job and no more, with a schedule that makes up for one that is lost", async () => {
    await installBoss();
    await installBoss();
    startWorker("worker");
    await until("all pulses", async () => new Set(await pulses()).size === jobs.length);
    await pause(1_500);
    const waiting = await pulses();
    expect(waiting.length).toBe(new Set(waiting).size);
    const scheduled = await database().execute<{ name: string; cron: string }>(sql`select name, cron from pgboss.schedule order by name`);
    expect(scheduled.rows).toEqual(jobs.map(({ name }) => ({ name, cron: "* * * * *" })).sort((a, b) => (a.name < b.name ? -1 : 1)));
  });
});
