import { sql } from "drizzle-orm";
import { afterAll, expect, it } from "vitest";
import { database } from "@/db/client";
import { callsGate, clockAndPauses, forgetCallPauses, pauseGate } from "@/db/gates";
import { beginProxyCall, endProxyCall, forgetProxyCalls, proxyCallsOf } from "@/db/proxy-calls";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useDatabase } from "@/tests/support/database";

useDatabase();
afterAll(resetClock);

const begin = (path: string) => beginProxyCall(database(), { connectionId: "con_1", keyId: "key_1", method: "GET", path });
const paths = async (before: number | null = null) => (await proxyCallsOf(database(), "con_1", before, 10)).map(({ path }) => path);

it("calls are known from their beginning, for a month", async () => {
  const first = await begin("/first");
  expect(await proxyCallsOf(database(), "con_1", null, 10)).toMatchObject([{ status: null, failure: null, ms: null, keyName: null }]);
  await endProxyCall(database(), first, { status: 200, failure: null, ms: 12 });
  await moveClock("29 days");
  const second = await begin("/second");
  await forgetProxyCalls(database());
  expect([await paths(), await paths(second)]).toEqual([["/second", "/first"], ["/first"]]);
  await moveClock("25 hours");
  await forgetProxyCalls(database());
  expect(await paths()).toEqual(["/second"]);
});

it("a store's pause is forgotten an hour after its end, a platform's stays with its budget", async () => {
  await pauseGate(database(), callsGate("con_1"), 60, "asked_to_wait");
  await pauseGate(database(), "noon", 60, "rate_limited");
  await moveClock("30 seconds");
  await forgetCallPauses(database());
  expect((await clockAndPauses(database(), [callsGate("con_1")])).pausedS).toBeGreaterThan(20);
  await moveClock("62 minutes");
  await forgetCallPauses(database());
  expect((await database().execute(sql`select name from gates`)).rows).toEqual([{ name: "noon" }]);
});
