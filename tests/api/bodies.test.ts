import { sql } from "drizzle-orm";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { problemOf } from "@/lib/api/problem";
import { wholeBody } from "@/lib/api/whole-body";
import { endKey } from "@/lib/keys/end-key";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { told } from "./access-world";
import { aCaller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

/** A body that somebody has begun to read when `begun` resolves, and that ends with `finish`. */
function slowly(text: string) {
  const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pull = async (controller: ReadableStreamDefaultController) => {
    begun.resolve();
    await finished.promise;
    controller.enqueue(Buffer.from(text));
    controller.close();
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  const init = { method: "POST", body, duplex: "half", headers: { "content-type": "application/json" } } as RequestInit;
  return { init, begun: begun.promise, finish: finished.resolve };
}

it("a key that is revoked while the body of its request comes does nothing", async () => {
  const mine = await aCaller({ name: "slow" });
  const { init, begun, finish } = slowly(JSON.stringify({ external_id: "late", name: "Late Books" }));
  const asked = mine.ask("/merchants", init);
  await begun;
  await endKey(await staff("admin"), mine.id, "slow");
  finish();
  expect(await told(await asked)).toEqual([401, "unknown_key"]);
  expect((await database().execute(sql`select from merchants where external_id = 'late'`)).rows).toEqual([]);
});

it("408 where a body does not come in time, 400 where it breaks off, and none is read without a key", async () => {
  const app = new Hono().onError(problemOf).post("/", wholeBody(20), async (context) => context.json({ code: await context.req.json() }));
  const ask = (init: RequestInit, headers = { authorization: "Bearer lk_any" }) => app.request("/", { ...init, headers });
  const late = await ask(slowly("1").init);
  expect([late.headers.get("connection"), ...(await told(late))]).toEqual(["close", 408, "body_late"]);
  const whole = slowly("[7]");
  whole.finish();
  expect(await told(await ask(whole.init))).toEqual([200, [7]]);
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  expect(await told(await ask({ ...whole.init, body: broken }))).toEqual([400, "body_cut"]);
  expect(await told(await ask(slowly("1").init, { authorization: "" }))).toEqual([401, "no_key"]);
});
