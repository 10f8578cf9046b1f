import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { accessWorld, told } from "./access-world";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = accessWorld();
let caller: Caller;

beforeAll(async () => {
  caller = await aCaller({ requestsPerSecond: 1_000_000 });
});

const rejected = (id: string, generation: number) => caller.ask(`/connections/${id}/access?rejected=${generation}`).then(told);
const report = async (id: string, generation: unknown) => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ generation }) };
  const answer = await caller.ask(`/connections/${id}/report`, init);
  const body = await answer.json();
  return [answer.status, body.code ?? body.verdict, body.generation];
};
const events = async (id: string) => {
  const found = await database().execute<{ kind: string; facts: Record<string, unknown>; actor: string }>(
    sql`select kind, facts, actor_name as actor from events where connection_id = ${id} and actor_kind = 'key' order by id`,
  );
  return found.rows.map(({ kind, facts, actor }) => [kind, facts.verdict ?? null, actor]);
};
const proofs = () => world.at.simulators.oauth2.ledger.count("introspect");

/** The platform forgets the access and goes on taking the renewal, as some do when a password changes. */
function forgetAccess() {
  const { state } = world.at.simulators.oauth2;
  for (const token of Object.keys(state.access)) delete state.access[token];
}

describe("a rejected generation", () => {
  it("that works is served again, once: the platform is asked, nothing is renewed; more get 429 until a minute is over", async () => {
    const { id } = await world.store("oauth2");
    expect(await rejected(id, 1)).toEqual([200, 1]);
    expect([proofs(), world.renewals()]).toEqual([1, 0]);
    expect(await rejected(id, 1)).toEqual([429, "checked_lately"]);
    expect(await told(await caller.ask(`/connections/${id}/access`))).toEqual([200, 1]);
    await world.pass(59);
    expect(await rejected(id, 1)).toEqual([429, "checked_lately"]);
    await world.pass(2);
    expect(await rejected(id, 1)).toEqual([200, 1]);
    expect([proofs(), world.renewals()]).toEqual([2, 0]);
  });

  it("that the platform refuses too is renewed, once for all who say so, and no more than once a minute", async () => {
    const { id } = await world.store("oauth2");
    forgetAccess();
    const answers = await Promise.all(Array.from({ length: 30 }, () => rejected(id, 1)));
    expect(answers).toEqual(Array(30).fill([200, 2]));
    expect([proofs(), world.renewals()]).toEqual([1, 1]);
    forgetAccess();
    expect(await rejected(id, 2)).toEqual([429, "checked_lately"]);
    expect(world.renewals()).toBe(1);
    expect(await rejected(id, 1)).toEqual([200, 2]);
    await world.pass(61);
    expect(await rejected(id, 2)).toEqual([200, 3]);
    expect(await events(id)).toEqual([
      ["connection.renewed", null, "orders-sync"],
      ["connection.refusal_reported", "renewed", "orders-sync"],
      ["connection.renewed", null, "orders-sync"],
      ["connection.refusal_reported", "renewed", "orders-sync"],
    ]);
  });

  it("of access without an end: the session is over, which only the one who was refused can know", async () => {
    const { id } = await world.store("noon");
    world.at.simulators.noon.endSessions();
    const before = await (await caller.ask(`/connections/${id}/access`)).json();
    const after = await (await caller.ask(`/connections/${id}/access?rejected=${before.generation}`)).json();
    expect(after.generation).toBe(before.generation + 1);
    expect(Object.keys(after.headers).sort()).toEqual(["Cookie", "User-Agent"]);
    const ask = (headers: Record<string, string>) => world.at.fetch(`${before.base_url}/identity/v1/whoami`, { headers });
    expect([(await ask(before.headers)).status, (await ask(after.headers)).status]).toEqual([401, 200]);
  });

  it("of access that several connections share is made anew for all of them", async () => {
    const { id } = await world.store("norce");
    const before = await (await caller.ask(`/connections/${id}/access`)).json();
    const { state } = world.at.simulators.norce as unknown as { state: { tokens: Record<string, unknown> } };
    for (const token of Object.keys(state.tokens)) delete state.tokens[token];
    const after = await (await caller.ask(`/connections/${id}/access?rejected=${before.generation}`)).json();
    expect(after.headers.Authorization).not.toBe(before.headers.Authorization);
  });

  it("503 where the platform cannot be asked, which uses up nobody's minute; 409 where only the owner can help", async () => {
    const { id, accountId } = await world.store("oauth2");
    world.at.faults.push({ kind: "status", status: 500 });
    expect(await rejected(id, 1)).toEqual([503, "platform_failing"]);
    world.at.faults.length = 0;
    await world.pass(6);
    await world.at.simulators.oauth2.revokeAtPlatform(accountId ?? "");
    expect(await rejected(id, 1)).toEqual([409, "reconnect_required"]);
    expect((await events(id)).at(-1)).toEqual(["connection.refusal_reported", "ended", "orders-sync"]);
  });
});

describe("POST …/report", () => {
  it("is verified once, and everybody is told what came of it", async () => {
    const { id } = await world.store("oauth2");
    expect(await report(id, 1)).toEqual([200, "works", 1]);
    expect(await report(id, 1)).toEqual([200, "works", 1]);
    expect([proofs(), world.renewals()]).toEqual([1, 0]);
    await world.pass(61);
    forgetAccess();
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(id, 1)));
    // Who comes when it is over is told so.
    for (const answer of answers)
      expect([
        [200, "renewed", 2],
        [200, "replaced", 2],
      ]).toContainEqual(answer);
    expect(answers).toContainEqual([200, "renewed", 2]);
    expect(world.renewals()).toBe(1);
    expect(await report(id, 1)).toEqual([200, "replaced", 2]);
  });

  it("400: never issued, or no number; 404, 409 and 410 as the access itself; 403 without the scope", async () => {
    const { id } = await world.store("oauth2");
    expect(await report(id, 7)).toEqual([400, "not_issued", undefined]);
    expect((await report(id, "1")).slice(0, 2)).toEqual([400, "invalid"]);
    expect((await report("con_nowhere", 1)).slice(0, 2)).toEqual([404, "not_found"]);
    await world.at.simulators.oauth2.revokeAtPlatform((await world.row(id)).accountId ?? "");
    expect((await report(id, 1)).slice(0, 2)).toEqual([409, "reconnect_required"]);
    await world.set(id, sql`status = 'revoked'`);
    expect((await report(id, 1)).slice(0, 2)).toEqual([410, "revoked"]);
    const other = await aCaller({ scopes: ["proxy"] });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"generation":1}' };
    expect(await told(await other.ask(`/connections/${id}/report`, init))).toEqual([403, "forbidden"]);
  });
});
