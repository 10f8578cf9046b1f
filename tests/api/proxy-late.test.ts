import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { database } from "@/db/client";
import { proxyCallsOf } from "@/db/proxy-calls";
import type { UserActor } from "@/lib/auth/actor";
import { revoke } from "@/lib/connections/revoke";
import { endKey } from "@/lib/keys/end-key";
import { flushHandOuts } from "@/lib/keys/hand-outs";
import { pauseCaller } from "@/lib/keys/pause-caller";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller, type Caller } from "./callers";
import { useDoors } from "./doors";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
const { arrived, answers } = useDoors(at);
let owner: UserActor;
let caller: Caller;

beforeAll(async () => {
  owner = await aMerchant("Nile Books");
});
beforeEach(async () => {
  await database().execute(sql`delete from gates`);
  caller = await aCaller();
  arrived.length = 0;
  answers.length = 0;
});

/** What comes when the test says so. */
function later(text: string) {
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const pull = async (controller: ReadableStreamDefaultController) => {
    await promise;
    controller.enqueue(Buffer.from(text));
    controller.close();
  };
  return { stream: new ReadableStream({ pull }), finish };
}

const inABit = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));
const paths = () => arrived.map(({ url }) => url.split("/").at(-1));

it.each([
  ["whose connection is revoked", 410, async (id: string) => revoke(await staff("admin"), { connectionId: id, reason: "asked" }, at.open)],
  ["whose key is ended", 401, async () => endKey(await staff("admin"), caller.id, "orders-sync")],
] as const)("S-73: a call %s while its body comes is not made", async (_whose, status, end) => {
  const { id } = await connected(at, owner, "square");
  const { stream, finish } = later("pay");
  const asked = caller.ask(`/proxy/${id}/v2/payments`, {
    method: "POST",
    body: stream,
    duplex: "half",
    headers: { "content-length": "3" },
  } as RequestInit);
  await inABit();
  await end(id);
  finish();
  expect([(await asked).status, paths()]).toEqual([status, []]);
});

it.each([
  ["whose key is ended", 401, async () => endKey(await staff("admin"), caller.id, "orders-sync")],
  ["whose caller its owner has paused", 403, async (id: string) => pauseCaller(owner, id, caller.id)],
] as const)("S-73: a call %s while it waits for its turn is not made", async (_whose, status, end) => {
  const { id } = await connected(at, owner, "ultracart");
  await database().execute(sql`delete from gates`);
  await (await (await aCaller({ name: "first" })).ask(`/connections/${id}/access`)).text();
  await (await caller.ask(`/connections/${id}/access`)).text();
  await flushHandOuts();
  const { stream, finish } = later("end");
  answers.push(({ url }) => new Response(url.endsWith("/slow") ? stream : "served"));
  const slow = await (await aCaller({ name: "other" })).ask(`/proxy/${id}/slow`);
  const waits = caller.ask(`/proxy/${id}/waits`);
  await inABit();
  await end(id);
  finish();
  await slow.text();
  expect([(await waits).status, paths()]).toEqual([status, ["slow"]]);
});

it("a status that no answer can have is told as that, and the platform's turn is free again", async () => {
  const { id } = await connected(at, owner, "ultracart");
  await database().execute(sql`delete from gates`);
  const odd = new Response("no");
  Object.defineProperty(odd, "status", { value: 999 });
  answers.push(() => odd);
  const answer = await caller.ask(`/proxy/${id}/item/items`);
  expect([answer.status, answer.headers.get("latchkey-problem")]).toEqual([502, "no_whole_answer"]);
  const gates = await database().execute<{ by: string | null }>(sql`select busy_by as by from gates where name = 'ultracart'`);
  expect(gates.rows).toEqual([{ by: null }]);
  expect((await proxyCallsOf(database(), id, null, 1))[0]).toMatchObject({ status: 999, failure: "cut" });
});
