import { Readable } from "node:stream";
import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { proxyCallsOf } from "@/db/proxy-calls";
import { type KeyActor, worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import type { Passed, PassedAnswer } from "@/lib/http";
import { passCall } from "@/lib/proxy/pass-call";
import type { Ways } from "@/lib/proxy/send-call";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller, type Caller } from "./callers";
import { useDoors } from "./doors";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
useDoors(at);
let caller: Caller;
let store: Connection;

beforeAll(async () => {
  caller = await aCaller();
  store = await connected(at, await aMerchant("Nile Books"), "ultracart");
});
beforeEach(async () => {
  await resetClock();
  await database().execute(sql`delete from gates`);
});

/** A platform that gives so much of its answer and then nothing, until the call is ended. */
const stalling =
  (words: string | null) =>
  async (_url: string, { signal }: Passed): Promise<PassedAnswer> => {
    const ended = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    ended.catch(() => undefined);
    if (words === null) return ended;
    const chunks = async function* () {
      yield Buffer.from(words);
      yield await ended;
    };
    return { status: 200, headers: new Headers(), body: Readable.from(chunks()) };
  };

function call(ways: Ways, connection = store): Promise<Response> {
  const { id } = connection;
  const actor: KeyActor = { kind: "key", id: caller.id, name: "orders-sync", scopes: ["proxy"], merchantIds: null, offers: null };
  const request = new Request(`${BASE_URL}/api/v1/proxy/${id}/item/items`);
  const asked = { connectionId: id, path: "/item/items", search: "", request, ourPath: `/api/v1/proxy/${id}`, ourHosts: [] };
  return passCall(actor, asked, ways);
}

const latest = async () => (await proxyCallsOf(database(), store.id, null, 1))[0];
const gate = async () =>
  (await database().execute<{ by: string | null }>(sql`select busy_by as by from gates where name = 'ultracart'`)).rows[0]?.by;

describe("a platform that stalls", () => {
  it("before its answer: told as that, and its turn is free again", async () => {
    await expect(call({ pass: stalling(null), callMs: 200 })).rejects.toMatchObject({ status: 504, code: "platform_late" });
    expect(await latest()).toMatchObject({ status: null, failure: "platform_late", ms: expect.any(Number) });
    expect(await gate()).toBeNull();
  });

  it("within its answer: what came is passed on, and its end is none", async () => {
    const answer = await call({ pass: stalling("half"), callMs: 200 });
    await expect(answer.text()).rejects.toThrow();
    expect(await latest()).toMatchObject({ status: 200, failure: "late" });
    expect(await gate()).toBeNull();
  });
});

describe("a platform that bears one call at a time", () => {
  it("is kept for as long as an answer flows, however long that is", async () => {
    const { promise, resolve: finish } = Promise.withResolvers<Response>();
    const chunks = async function* () {
      yield Buffer.from(await (await promise).arrayBuffer());
    };
    const pass = async () => ({ status: 200, headers: new Headers(), body: Readable.from(chunks()) });
    const answer = await call({ pass, beatMs: 40 });
    for (let beat = 0; beat < 3; beat += 1) {
      await moveClock("20 seconds");
      // Said anew by the clock that was moved: the gate is held for longer than a call may be silent.
      await expect
        .poll(async () => {
          const held = await database().execute<{ s: number }>(
            sql`select extract(epoch from busy_until - app_now())::float8 as s from gates where name = 'ultracart'`,
          );
          return held.rows[0]?.s ?? 0;
        })
        .toBeGreaterThan(20);
      await expect(call({ pass, waitMs: 0 })).rejects.toMatchObject({
        status: 429,
        code: "paced",
        facts: { retryAfterS: expect.any(Number) },
      });
    }
    finish(new Response("end"));
    expect(await answer.text()).toBe("end");
    expect(await gate()).toBeNull();
  });

  it("which somebody else has by now, is not called any longer", async () => {
    const answer = await call({ pass: stalling("half"), beatMs: 40 });
    await database().execute(sql`update gates set busy_by = 'another' where name = 'ultracart'`);
    await expect(answer.text()).rejects.toThrow();
    expect([await gate(), (await latest())?.failure]).toEqual(["another", "cut"]);
  });
});

it("of what a platform bears, a tenth is left to renewals", async () => {
  const noon = await connected(at, await aMerchant("Delta Toys"), "noon");
  const pass = async () => ({ status: 200, headers: new Headers(), body: Readable.from([]) });
  await database().execute(sql`update gates set tokens = 15, refilled_at = app_now() + interval '5 seconds' where name = 'noon'`);
  await expect(call({ pass, waitMs: 0 }, noon)).rejects.toMatchObject({ status: 429, code: "paced" });
  expect(await renewOnce(worker, noon.id, ["active"], at.open)).toEqual({ kind: "renewed" });
});

it("a store that must be connected anew is not called", async () => {
  await database().execute(sql`update connections set status = 'reconnect' where id = ${store.id}`);
  const answer = await caller.ask(`/proxy/${store.id}/item/items`);
  expect([answer.status, answer.headers.get("latchkey-problem")]).toEqual([409, "reconnect_required"]);
});
