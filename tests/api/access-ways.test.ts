import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { database } from "@/db/client";
import { flushHandOuts } from "@/lib/keys/hand-outs";
import { noon } from "@/lib/providers/noon";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { connected } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { accessWorld, told } from "./access-world";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = accessWorld();
let caller: Caller;

beforeAll(async () => {
  caller = await aCaller();
});

const batch = async (connections: unknown, more = {}) => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ connections, ...more }) };
  return caller.ask("/access/batch", init);
};

describe("POST /access/batch", () => {
  it("answers for each as if it had been asked for alone, in the order asked, and renews what must be renewed", async () => {
    const [fresh, stale, ended, waiting] = [
      await world.store("square"),
      await world.store("oauth2"),
      await world.store("square"),
      await world.store("square"),
    ];
    await world.set(ended.id, sql`status = 'revoked'`);
    await world.set(waiting.id, sql`status = 'reconnect'`);
    await world.pass(3_600);
    const answer = await batch([fresh.id, "con_nowhere", stale.id, ended.id, waiting.id, stale.id]);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const { results } = await answer.json();
    expect(
      results.map((one: Record<string, Record<string, unknown> | undefined>) => [
        one.connection,
        one.status,
        one.access?.generation ?? one.problem?.code,
      ]),
    ).toEqual([
      [fresh.id, 200, 1],
      ["con_nowhere", 404, "not_found"],
      [stale.id, 200, 2],
      [ended.id, 410, "revoked"],
      [waiting.id, 409, "reconnect_required"],
      [stale.id, 200, 2],
    ]);
    expect(world.renewals()).toBe(1);
  });

  it("says when to ask again for what does not come now", async () => {
    const { id } = await world.store("oauth2");
    await world.pass(3_600);
    world.at.faults.push({ kind: "status", status: 500 });
    const { results } = await (await batch([id])).json();
    expect(results[0]).toMatchObject({ status: 503, problem: { code: "platform_failing", retry_after: expect.any(Number) } });
  });

  it("takes a hundred and no more, and nothing that is not asked for", async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => `con_${index}`);
    expect((await (await batch(hundred)).json()).results).toHaveLength(100);
    for (const wrong of [[], [...hundred, "con_100"], "con_1"]) expect(await told(await batch(wrong))).toEqual([400, "invalid"]);
    expect(await told(await batch(hundred, { min_ttl: 3_601 }))).toEqual([400, "invalid"]);
  });
});

describe("GET /access", () => {
  const ask = (merchant: string, provider: string, by = caller) => by.ask(`/access?merchant=${merchant}&provider=${provider}`);

  it("finds a merchant's one connection at a platform by the company's own id, and by ours", async () => {
    const { id, merchantId } = await world.store("square");
    await database().execute(sql`update merchants set external_id = 'seller-4711' where id = ${merchantId}`);
    for (const merchant of ["seller-4711", merchantId]) {
      const answer = await ask(merchant, "square");
      expect(await answer.json()).toMatchObject({ connection: id, provider: "square" });
    }
    expect(await told(await ask("seller-4711", "noon"))).toEqual([404, "not_found"]);
    expect(await told(await ask("seller-4712", "square"))).toEqual([404, "not_found"]);
    expect(await told(await caller.ask("/access?merchant=seller-4711"))).toEqual([400, "invalid"]);
    const other = await aCaller({ merchantIds: ["mer_other"] });
    expect(await told(await ask("seller-4711", "square", other))).toEqual([404, "not_found"]);
  });

  it("409: several live, and all of them are named; of what has ended the last one says why", async () => {
    const owner = world.owner();
    const merchant = owner.merchants[0]?.id ?? "";
    const [one, two] = [await connected(world.at, owner, "square", "SHOP128"), await connected(world.at, owner, "square", "SHOP129")];
    const body = await (await ask(merchant, "square")).json();
    expect([body.status, body.code, [...body.connections].sort()]).toEqual([409, "ambiguous", [one.id, two.id].sort()]);
    await world.set(one.id, sql`status = 'revoked'`);
    expect(await (await ask(merchant, "square")).json()).toMatchObject({ connection: two.id });
    await world.set(two.id, sql`status = 'reconnect'`);
    expect(await told(await ask(merchant, "square"))).toEqual([409, "reconnect_required"]);
    await world.set(two.id, sql`status = 'revoked'`);
    expect(await told(await ask(merchant, "square"))).toEqual([410, "revoked"]);
  });
});

describe("GET /connections/{id}/credentials", () => {
  const path = (id: string) => `/connections/${id}/credentials`;

  it("hands out the key file, with which a session can be opened elsewhere, and writes it down each time before it answers", async () => {
    const { id, accountId } = await world.store("noon");
    const keeper = await aCaller({ name: "key-keeper", scopes: ["credentials:read"] });
    for (const times of [1, 2]) {
      const answer = await keeper.ask(path(id));
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
      const body = await answer.json();
      expect(body).toMatchObject({ connection: id, provider: "noon", account: accountId });
      const provider = noon(world.at.simulators.noon.settings);
      const brought = { key_file: JSON.stringify(body.credentials), project_code: accountId ?? "" };
      const issued = await provider.adopt.issue(brought, {} as never);
      expect(JSON.parse(issued.renewal ?? "{}").keyId).toBe(body.credentials.key_id);
      const told = await database().execute(
        sql`select from events where connection_id = ${id} and kind = 'connection.credentials_read' and actor_id = ${keeper.id}`,
      );
      expect(told.rows).toHaveLength(times);
    }
    await flushHandOuts();
    const counted = await database().execute<{ n: number }>(
      sql`select sum(n)::int as n from hand_outs where key_id = ${keeper.id} and connection_id = ${id}`,
    );
    expect(counted.rows[0]?.n).toBe(2);
  });

  it("403 without that scope, whatever else a key may; 404 where there is no such file; 410 where the connection has ended", async () => {
    const keeper = await aCaller({ scopes: ["credentials:read"] });
    const [{ id }, square] = [await world.store("noon"), await world.store("square")];
    expect(await told(await caller.ask(path(id)))).toEqual([403, "forbidden"]);
    expect(await told(await keeper.ask(path(square.id)))).toEqual([404, "no_credentials"]);
    expect(await told(await keeper.ask(`/connections/${id}/access`))).toEqual([403, "forbidden"]);
    await world.set(id, sql`status = 'revoked'`);
    expect(await told(await keeper.ask(path(id)))).toEqual([410, "revoked"]);
  });

  it("503 while nobody could write down what is handed out, and nothing is told of a file that was not", async () => {
    const keeper = await aCaller({ scopes: ["credentials:read"] });
    const { id } = await world.store("noon");
    const counting = (globalThis as { latchkeyHandOuts?: { unwrittenSince: number | null } }).latchkeyHandOuts;
    Object.assign(counting ?? {}, { unwrittenSince: performance.now() - 15_000 });
    expect(await told(await keeper.ask(path(id)))).toEqual([503, "counting_failed"]);
    Object.assign(counting ?? {}, { unwrittenSince: null });
    const events = await database().execute(sql`select from events where actor_id = ${keeper.id}`);
    expect([events.rows.length, (await keeper.ask(path(id))).status]).toEqual([0, 200]);
  });
});

it("the OpenAPI document tells of all of them", async () => {
  const { paths } = await (await caller.ask("/openapi.json")).json();
  for (const [path, method] of [
    ["/connections/{id}/access", "get"],
    ["/access", "get"],
    ["/access/batch", "post"],
    ["/connections/{id}/report", "post"],
    ["/connections/{id}/credentials", "get"],
  ] as const)
    expect(Object.keys((paths[path] ?? paths[`/api/v1${path}`])[method].responses)).toContain("200");
});

it("a 503 tells what is left of the key's second like any other answer", async () => {
  const { id } = await world.store("oauth2");
  await caller.ask(`/connections/${id}/access`);
  await flushHandOuts(() => Promise.reject(new Error("away")));
  const later = performance.now() + 20_000;
  const clock = vi.spyOn(performance, "now").mockReturnValue(later);
  const answer = await caller.ask(`/connections/${id}/access`).finally(() => clock.mockRestore());
  expect(await told(answer)).toEqual([503, "counting_failed"]);
  expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=500;w=1');
  expect(answer.headers.get("ratelimit")).toMatch(/^"key";r=\d+;t=1$/);
  await flushHandOuts();
});
