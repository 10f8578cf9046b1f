import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { revokeKey } from "@/db/api-keys";
import { database, transaction } from "@/db/client";
import type { Connection } from "@/db/connections";
import { freshAnswer } from "@/lib/api/access-fresh";
import { api } from "@/lib/api/app";
import { openGrant } from "@/lib/connections/sealed-grant";
import { moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { worlds } from "@/tests/providers/worlds/worlds";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { accessWorld, told } from "./access-world";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = accessWorld();
let caller: Caller;
let store: Connection;

beforeAll(async () => {
  caller = await aCaller({ requestsPerSecond: 1_000_000 });
  store = await world.store("oauth2");
});

const path = (id: string, query = "") => `/connections/${id}/access${query}`;

describe.each(["noon", "norce", "square", "ultracart", "oauth2"] as const)("S-71 %s", (slug) => {
  it("200: headers that the platform takes at base_url, no-store, and nothing else that is secret", async () => {
    const connection = await world.store(slug);
    const answer = await caller.ask(path(connection.id));
    expect([answer.status, answer.headers.get("cache-control"), answer.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "no-store",
      null,
    ]);
    const text = await answer.text();
    const body = JSON.parse(text);
    expect(Object.keys(body).sort()).toEqual(
      ["account", "base_url", "connection", "environment", "expires_at", "generation", "headers", "provider"].sort(),
    );
    const row = await world.row(connection.id);
    expect(body).toMatchObject({
      connection: row.id,
      provider: slug,
      environment: row.environment,
      account: row.accountId,
      generation: row.generation,
      expires_at: row.expiresAt?.toISOString() ?? null,
    });
    expect(world.calls()).toEqual([]);
    const called = await world.at.fetch(`${body.base_url}${worlds[slug]().apiPath}`, { headers: body.headers });
    expect(called.status).toBe(200);
    const secrets = JSON.parse(openGrant(row).renewal ?? "{}") as Record<string, unknown>;
    for (const name of ["refresh_token", "refreshToken", "client_secret", "privateKey"])
      if (typeof secrets[name] === "string") expect(text.includes(secrets[name])).toBe(false);
  });
});

describe("fresh access", () => {
  it("costs no call to the platform and changes nothing", async () => {
    await caller.ask(path(store.id));
    const before = await world.row(store.id);
    for (let call = 0; call < 5; call += 1) expect((await caller.ask(path(store.id))).status).toBe(200);
    expect(await world.row(store.id)).toEqual(before);
    expect(world.renewals()).toBe(0);
  });

  it("is answered before any route is asked, in the route's own words; whatever else there is to say the route says", async () => {
    const fresh = await world.store("square");
    const bearer = `Bearer ${caller.token}`;
    const direct = await freshAnswer(`/api/v1${path(fresh.id, "?min_ttl=120")}`, bearer);
    const routed = await caller.ask(path(fresh.id, "?min_ttl=0120&"));
    expect([direct?.status, JSON.parse(direct?.body ?? "")]).toEqual([routed.status, await routed.json()]);
    expect(Object.keys(direct?.headers ?? {}).sort()).toEqual(
      ["cache-control", "content-length", "content-type", "ratelimit", "ratelimit-policy"].sort(),
    );
    await world.set(fresh.id, sql`expires_at = app_now()`);
    const others: [string, string | undefined][] = [
      [path(fresh.id), bearer],
      [path(store.id, "?rejected=1"), bearer],
      [path(store.id, "?min_ttl=4000"), bearer],
      [path(store.id, "?min_ttl=60&min_ttl=0"), bearer],
      [path(store.id), undefined],
      [path(store.id), `Bearer lk_${"0".repeat(38)}`],
      [path("con_nowhere"), bearer],
      [`${path(store.id)}/`, bearer],
    ];
    for (const [url, authorization] of others) expect(await freshAnswer(`/api/v1${url}`, authorization)).toBeNull();
  });

  it("is answered so to no key that was revoked, has run out, was paused or lacks the scope", async () => {
    const { id } = await world.store("square");
    await world.set(id, sql`expires_at = null`);
    const status = async ({ token }: Caller) => (await freshAnswer(`/api/v1${path(id)}`, `Bearer ${token}`))?.status;
    const [revoked, over, paused, other] = await Promise.all([aCaller(), aCaller(), aCaller(), aCaller({ scopes: ["connections:read"] })]);
    for (const one of [revoked, over, paused]) expect(await status(one)).toBe(200);
    await transaction((tx) => revokeKey(tx, revoked.id, "usr_admin"));
    await database().execute(sql`update api_keys set expires_at = app_now() where id = ${over.id}`);
    await database().execute(
      sql`insert into caller_pauses (connection_id, key_id, paused_by, paused_by_name) values (${id}, ${paused.id}, 'usr_1', 'Amal')`,
    );
    for (const one of [revoked, over, paused, other]) expect(await status(one)).toBeUndefined();
  });

  it("of a platform whose access is fetched on demand is kept warm from the first time that somebody is handed it", async () => {
    const { id } = await world.store("noon");
    await caller.ask(path(id));
    await expect.poll(async () => (await world.row(id)).usedAt).not.toBeNull();
  });

  it("a platform that the database learnt of meanwhile is known to the next call", async () => {
    await database().execute(sql`insert into offer_version values (1, 'other') on conflict (id) do update set value = 'other'`);
    expect((await caller.ask(path(store.id))).status).toBe(200);
    expect((await caller.ask(path(store.id))).status).toBe(200);
  });
});

describe("S-72: never what has run out, nor what has less than was asked for", () => {
  it("a sweep of the clock around expiry: each answer has at least min_ttl left, and one renewal is made", async () => {
    const { id } = await world.store("oauth2");
    for (const seconds of [3_500, 30, 9, 2, 18, 1, 30, 60]) {
      await world.pass(seconds);
      const body = await (await caller.ask(path(id))).json();
      expect(Date.parse(body.expires_at) - (Date.now() + world.at.skew.ms)).toBeGreaterThan(59_000);
      expect((await world.at.fetch(`${body.base_url}/me`, { headers: body.headers })).status).toBe(200);
    }
    expect([world.renewals(), (await world.row(id)).generation]).toEqual([1, 2]);
  });

  it("min_ttl decides: 0 takes what lives, 3600 takes half of a life that is no longer", async () => {
    const { id } = await world.store("oauth2");
    await world.pass(3_595);
    expect(await told(await caller.ask(path(id, "?min_ttl=0")))).toEqual([200, 1]);
    expect(await told(await caller.ask(path(id, "?min_ttl=30")))).toEqual([200, 2]);
    await world.pass(1_000);
    expect(await told(await caller.ask(path(id, "?min_ttl=3600")))).toEqual([200, 2]);
    expect(await told(await caller.ask(path(id, "?min_ttl=2000")))).toEqual([200, 2]);
    await world.pass(1_000);
    expect(await told(await caller.ask(path(id, "?min_ttl=2000")))).toEqual([200, 3]);
    await world.pass(1_900);
    expect(await told(await caller.ask(path(id, "?min_ttl=3600")))).toEqual([200, 4]);
  });

  it("access without an end is never judged by the clock", async () => {
    const { id } = await world.store("square");
    await world.set(id, sql`expires_at = null`);
    await world.pass(80 * 86_400);
    expect(await told(await caller.ask(path(id, "?min_ttl=3600")))).toEqual([200, 1]);
  });

  it("409: it ran out, and there is nothing to renew it with", async () => {
    const { id } = await world.store("oauth2");
    await world.set(id, sql`renewal = null, renewable = false`);
    await world.pass(3_590);
    expect(await told(await caller.ask(path(id)))).toEqual([409, "reconnect_required"]);
    expect(await told(await caller.ask(path(id, "?min_ttl=0")))).toEqual([200, 1]);
  });

  it("409: the platform refuses the renewal; 503: it fails, and is left alone for some seconds", async () => {
    const [{ id }, refused] = [await world.store("oauth2"), await world.store("oauth2")];
    await world.pass(3_600);
    world.at.faults.push({ match: "/token", kind: "status", status: 500 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => caller.ask(path(id)).then(told)));
    expect(answers).toEqual(Array(5).fill([503, "platform_failing"]));
    expect(await told(await caller.ask(path(id)))).toEqual([503, "platform_failing"]);
    await world.at.simulators.oauth2.revokeAtPlatform(refused.accountId ?? "");
    world.at.faults.length = 0;
    expect(await told(await caller.ask(path(refused.id)))).toEqual([409, "reconnect_required"]);
    expect((await world.row(refused.id)).status).toBe("reconnect");
  });
});

it("503 while an admin holds the platform's renewals back: what is good is handed out, and nothing is renewed", async () => {
  const [good, stale] = [await world.store("oauth2"), await world.store("oauth2")];
  await world.pass(3_000);
  await world.set(stale.id, sql`expires_at = app_now()`);
  await database().execute(
    sql`insert into offer_pauses (offer, reason, until, paused_by, paused_at) values ('oauth2', 'Outage', app_now() + interval '1 hour', 'usr_1', app_now())`,
  );
  expect(await told(await caller.ask(path(good.id)))).toEqual([200, 1]);
  expect(await told(await caller.ask(path(stale.id)))).toEqual([503, "platform_paused"]);
  expect(await told(await caller.ask(path(good.id, "?rejected=1")))).toEqual([503, "platform_failing"]);
  expect(world.calls()).toEqual([]);
  await database().execute(sql`delete from offer_pauses`);
});

describe("every other status", () => {
  const nobody = { headers: { authorization: `Bearer lk_${"0".repeat(38)}` } };

  it("400: what is asked for is not as it must be, in the same words on every way", async () => {
    const wrong = ["?min_ttl=3601", "?min_ttl=-1", "?min_ttl=soon", "?min_ttl=3600&min_ttl=0", "?rejected=x", "?rejected=1.5"];
    for (const query of wrong) {
      const answer = await caller.ask(path(store.id, query));
      const body = await answer.json();
      expect([answer.status, body.code, body.errors[0].field]).toEqual([400, "invalid", query.slice(1).split("=")[0]]);
    }
  });

  it("401: no key, no such key, a revoked one, one that has run out", async () => {
    const bare = await api.fetch(new Request(`${BASE_URL}/api/v1${path(store.id)}`));
    expect(await told(bare)).toEqual([401, "no_key"]);
    expect(await told(await caller.ask(path(store.id), nobody))).toEqual([401, "unknown_key"]);
    const [revoked, over] = await Promise.all([aCaller(), aCaller({ days: 1 })]);
    expect(await told(await revoked.ask(path(store.id)))).toEqual([200, 1]);
    await transaction((tx) => revokeKey(tx, revoked.id, "usr_admin"));
    expect(await told(await revoked.ask(path(store.id)))).toEqual([401, "unknown_key"]);
    await moveClock("25 hours");
    expect(await told(await over.ask(path(store.id)))).toEqual([401, "unknown_key"]);
  });

  it("403: a key without the scope, also where there is nothing; a caller who is paused", async () => {
    const [other, paused] = await Promise.all([aCaller({ scopes: ["connections:read"] }), aCaller()]);
    expect(await told(await other.ask(path(store.id)))).toEqual([403, "forbidden"]);
    expect(await told(await other.ask(path("con_nowhere")))).toEqual([403, "forbidden"]);
    await database().execute(
      sql`insert into caller_pauses (connection_id, key_id, paused_by, paused_by_name) values (${store.id}, ${paused.id}, 'usr_1', 'Amal')`,
    );
    expect(await told(await paused.ask(path(store.id)))).toEqual([403, "caller_paused"]);
    expect(await told(await caller.ask(path(store.id)))).toEqual([200, 1]);
  });

  it.each(["%00", "%ED%A0%80", "..%2F", "con_%00"])("404: %s, which is nobody's id", async (id) => {
    expect((await told(await caller.ask(path(id))))[0]).toBe(404);
  });

  it("404: not there, another merchant's, another platform's, never connected, all alike", async () => {
    const [merchant, offer, pending] = await Promise.all([
      aCaller({ merchantIds: ["mer_other"] }),
      aCaller({ offers: ["noon"] }),
      world.store("square"),
    ]);
    await world.set(pending.id, sql`status = 'pending', connected_at = null`);
    const bodies = await Promise.all(
      [caller.ask(path("con_nowhere")), merchant.ask(path(store.id)), offer.ask(path(store.id)), caller.ask(path(pending.id))].map(
        async (asked) => (await asked).json(),
      ),
    );
    for (const body of bodies) expect(body).toEqual({ ...bodies[0], status: 404, code: "not_found" });
  });

  it.each([
    ["reconnect", 409, "reconnect_required"],
    ["revoking", 410, "revoked"],
    ["revoked", 410, "revoked"],
  ])("T-05: %s is answered with %i, never with the last known access", async (status, code, word) => {
    const { id } = await world.store("square");
    await world.set(id, sql`status = ${status}`);
    expect(await told(await caller.ask(path(id)))).toEqual([code, word]);
  });

  it("405 and no CORS (S-75)", async () => {
    const answer = await caller.ask(path(store.id), { method: "OPTIONS", headers: { origin: "https://other.example" } });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([405, null]);
  });

  it("503: what it is sealed with is missing, or its platform is not configured any more", async () => {
    const { id } = await world.store("square");
    await world.set(id, sql`access = replace(access, 'lk1.t1.', 'lk1.other.')`);
    expect(await told(await caller.ask(path(id)))).toEqual([503, "sealing_key_missing"]);
    await world.set(store.id, sql`offer = 'gone'`);
    expect(await told(await caller.ask(path(store.id)))).toEqual([503, "platform_missing"]);
    await world.set(store.id, sql`offer = 'oauth2'`);
  });

  it("409: what was sealed was changed, so that nobody can use it any more", async () => {
    const { id } = await world.store("oauth2");
    await world.set(id, sql`access = overlay(access placing 'AAAA' from 30), issued_at = issued_at - interval '1 minute'`);
    expect(await told(await caller.ask(path(id)))).toEqual([409, "reconnect_required"]);
  });
});
