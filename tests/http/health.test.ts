import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { GET as live } from "@/app/api/health/live/route";
import { GET as ready } from "@/app/api/health/ready/route";
import { GET as health } from "@/app/api/health/route";
import { database } from "@/db/client";
import { beat } from "@/db/workers";
import { beginDraining } from "@/lib/health/draining";
import { moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";

useEnv();
const address = useDatabase();

const routes = { "/api/health": health, "/api/health/live": live, "/api/health/ready": ready };

/** Everything that an answer says: nothing beside it may be told. */
async function ask(path: keyof typeof routes) {
  const answer = await routes[path](new Request(`http://localhost:3000${path}`));
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("retry-after")).toBe(answer.status === 503 ? "5" : null);
  return { status: answer.status, body: await answer.json() };
}
const all = async () => ({ health: await ask("/api/health"), live: await ask("/api/health/live"), ready: await ask("/api/health/ready") });

const LIVE = { status: 200, body: { status: "live" } };
const READY = { status: 200, body: { status: "ready" } };
const whole = (code: number, status: string, databaseIs: string, worker: string) => ({
  status: code,
  body: { status, database: databaseIs, worker, audit: "sealed", journal: "off" },
});

afterEach(async () => {
  delete (globalThis as { latchkeyDraining?: boolean }).latchkeyDraining;
  setEnv({ LATCHKEY_DEMO: undefined });
  await resetClock();
  await empty("workers");
});

describe("health", () => {
  it("is ready while the database answers and somebody does the background work", async () => {
    await beat(database(), "worker_1", "worker");
    expect(await all()).toEqual({ health: whole(200, "ready", "up", "working"), live: LIVE, ready: READY });
  });

  it("is degraded and still takes requests when nobody ever did any", async () =>
    expect(await all()).toEqual({ health: whole(200, "degraded", "up", "silent"), live: LIVE, ready: READY }));

  it("says that the worker is silent two minutes after its last round, and takes it back with the next", async () => {
    await beat(database(), "web_1", "web");
    await moveClock("1 minute 58 seconds");
    expect(await ask("/api/health")).toEqual(whole(200, "ready", "up", "working"));
    await moveClock("3 seconds");
    expect(await ask("/api/health")).toEqual(whole(200, "degraded", "up", "silent"));
    expect(await ask("/api/health/ready")).toEqual(READY);
    await beat(database(), "cron_1", "cron");
    expect(await ask("/api/health")).toEqual(whole(200, "ready", "up", "working"));
  });

  it("S-56 is never ready in a demo", async () => {
    setEnv({ LATCHKEY_DEMO: "1" });
    await beat(database(), "web_1", "web");
    expect(await all()).toEqual({
      health: whole(503, "demo", "up", "working"),
      live: LIVE,
      ready: { status: 503, body: { status: "demo" } },
    });
  });

  it("S-115 takes no more requests once the process is about to end", async () => {
    beginDraining();
    await beat(database(), "web_1", "web");
    expect(await all()).toEqual({
      health: whole(503, "draining", "up", "working"),
      live: LIVE,
      ready: { status: 503, body: { status: "draining" } },
    });
  });
});

const DOWN = {
  health: whole(503, "unavailable", "down", "silent"),
  live: LIVE,
  ready: { status: 503, body: { status: "unavailable" } },
};

describe("without a database the process is alive and not ready, and says no more than that", () => {
  it("when what it needs is not there", async () => {
    await database().execute(sql`alter table clock rename to clock_elsewhere`);
    const told = await all();
    await database().execute(sql`alter table clock_elsewhere rename to clock`);
    expect(told).toEqual(DOWN);
  });

  it("when it lets nobody in", async () => expect(await whileClosed(address(), all)).toEqual(DOWN));

  it("when it does not answer within two seconds", async () => {
    const other = await plainClient(address());
    await other.query("begin");
    await other.query("lock table workers in access exclusive mode");
    const begun = performance.now();
    const told = await ask("/api/health/ready").finally(() => other.end());
    expect(told).toEqual(DOWN.ready);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
