import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import { api } from "@/lib/api/app";
import { latchkey } from "@/lib/api/client/latchkey";
import type { UserActor } from "@/lib/auth/actor";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { revoke } from "@/lib/connections/revoke";
import { showCalls } from "@/lib/proxy/show-calls";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, norceValues, type RedirectSlug, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller, type Caller } from "./callers";
import { useDoors } from "./doors";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
const { arrived, answers } = useDoors(at);
const { ultracart, square, norce } = at.simulators;

let mona: UserActor;
let caller: Caller;
const stores: Partial<Record<RedirectSlug | "norce", Connection>> = {};
const idOf = (slug: keyof typeof stores) => stores[slug]?.id ?? "";
const ask = (slug: keyof typeof stores, path: string, init?: RequestInit) => caller.ask(`/proxy/${idOf(slug)}${path}`, init);

/** An answer whose headers are here, and whose only words come when the test says so. */
function slowAnswer() {
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const pull = async (controller: ReadableStreamDefaultController) => {
    await promise;
    controller.enqueue(Buffer.from("end"));
    controller.close();
  };
  return { answer: new Response(new ReadableStream({ pull })), finish };
}

beforeAll(async () => {
  mona = await aMerchant("Nile Books");
  caller = await aCaller();
  for (const slug of ["square", "ultracart", "norce", "noon", "oauth2"] as const) stores[slug] = await connected(at, mona, slug);
});
beforeEach(async () => {
  await resetClock();
  await database().execute(sql`delete from gates`);
  await database().execute(sql`delete from access_checks`);
  for (const { ledger } of Object.values(at.simulators)) ledger.clear();
  arrived.length = 0;
});
afterEach(() => {
  answers.length = 0;
  ultracart.switches.busyMs = 0;
});

describe("a call", () => {
  it.each([
    ["square", "https://square.test", "/v2/merchants/me"],
    ["ultracart", "https://ultracart.test/rest/v2", "/item/items?_limit=1"],
    [
      "norce",
      `https://norce.test/${norceValues(at).slug}/se/${norceValues(at).environment}`,
      "/commerce/metadata/1.1/GetApplication?format=json",
    ],
    ["noon", "https://noon.test", "/identity/v1/whoami"],
  ] as const)("is made at %s with its access, and what comes of it is passed on", async (slug, base, path) => {
    const answer = await ask(slug, path);
    expect([answer.status, answer.headers.get("cache-control"), answer.headers.get("latchkey-problem")]).toEqual([200, "no-store", null]);
    const row = await findConnection(database(), idOf(slug));
    expect(answer.headers.get("latchkey-generation")).toBe(String(row?.generation));
    expect(await answer.json()).toBeTruthy();
    expect(arrived[0]?.url.startsWith(`${base}${path}`)).toBe(true);
  });

  it("takes the caller's headers along, but none that are ours", async () => {
    answers.push(() => new Response("{}", { headers: { "set-cookie": "theirs=1", "content-type": "application/json" } }));
    const headers = {
      cookie: "session=CNRY-not-for-them",
      connection: "authorization, x-mine",
      "x-mine": "1",
      "x-forwarded-for": "10.0.0.1",
      "proxy-authorization": "Basic eA==",
      "idempotency-key": "k-1",
      "content-type": "application/json",
    };
    const answer = await ask("square", "/v2/payments?a=1&b=%2F", { method: "POST", headers, body: '{"amount":1}' });
    expect(answer.headers.getSetCookie()).toEqual([]);
    const [call] = arrived;
    expect(call).toMatchObject({ url: "https://square.test/v2/payments?a=1&b=%2F", method: "POST", body: '{"amount":1}' });
    expect(call?.headers).toMatchObject({ "idempotency-key": "k-1", "content-type": "application/json" });
    expect(call?.headers.authorization).toMatch(/^Bearer CNRY-/);
    expect(Object.keys(call?.headers ?? {}).sort()).toEqual(["authorization", "content-type", "idempotency-key"]);
    expect(JSON.stringify(call)).not.toMatch(/lk_|not-for-them/);
  });

  it.each([404, 400, 500, 204, 304])("a platform's %i is passed on as that", async (status) => {
    answers.push(() => new Response(status === 204 || status === 304 ? null : "theirs", { status }));
    const answer = await ask("square", "/v2/x");
    expect([answer.status, await answer.text(), answer.headers.get("latchkey-problem")]).toEqual([
      status,
      status === 204 || status === 304 ? "" : "theirs",
      null,
    ]);
  });

  it("HEAD is HEAD, and other methods are none", async () => {
    answers.push(() => new Response(null, { headers: { "content-length": "7" } }));
    const answer = await ask("square", "/v2/x", { method: "HEAD" });
    expect([arrived[0]?.method, answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual(["HEAD", 200, "7", ""]);
    for (const method of ["OPTIONS", "PROPFIND", "QUERY"]) {
      const refused = await ask("square", "/v2/x", { method });
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, expect.stringContaining("PATCH")]);
    }
    expect(arrived).toHaveLength(1);
  });

  it("redirects are not followed; those below the platform's API lead through here, none leads to ourselves with a key", async () => {
    const told: [string, string | null][] = [
      ["/rest/v2/item/items/7?a=1", `/api/v1/proxy/${idOf("ultracart")}/item/items/7?a=1`],
      ["https://ultracart.test/rest/v2/x", `/api/v1/proxy/${idOf("ultracart")}/x`],
      ["next", `/api/v1/proxy/${idOf("ultracart")}/item/next`],
      ["/elsewhere", "https://ultracart.test/elsewhere"],
      ["//trap.example/x", "https://trap.example/x"],
      [`${BASE_URL}/api/v1/connections/${idOf("square")}`, null],
      ["http://[", null],
    ];
    for (const [location, wanted] of told) {
      answers.unshift(() => new Response(null, { status: 307, headers: { location } }));
      const answer = await ask("ultracart", "/item/items");
      await answer.text();
      expect([location, answer.status, answer.headers.get("location")]).toEqual([location, 307, wanted]);
    }
    expect(arrived).toHaveLength(told.length);
  });

  it("is written down: who, what, how it ended, and nothing that was said", async () => {
    await (await ask("square", "/v2/merchants/me?secret=CNRY-query", { headers: { "x-said": "CNRY-header" } })).text();
    answers.push(() => new Response("no", { status: 404 }));
    await (await ask("square", "/v2/customers/7", { method: "POST", body: "CNRY-body" })).text();
    const support = await staff("support");
    const { rows } = await showCalls(support, idOf("square"), null);
    expect(rows.slice(0, 2)).toMatchObject([
      { keyName: "orders-sync", method: "POST", path: "/v2/customers/7", status: 404, failure: null, ms: expect.any(Number) },
      { keyName: "orders-sync", method: "GET", path: "/v2/merchants/me", status: 200 },
    ]);
    const stored = await database().execute(sql`select * from proxy_calls`);
    expect(JSON.stringify(stored.rows)).not.toContain("CNRY-");
    await expect(showCalls(mona, idOf("square"), null)).rejects.toMatchObject({ status: 403 });
    const { before } = await showCalls(support, idOf("square"), null, 1);
    const older = await showCalls(support, idOf("square"), String(before), 1);
    expect(older.rows).toMatchObject([{ path: "/v2/merchants/me" }]);
  });
});

describe("the client that is made from the description", () => {
  it("hands over a platform's answer as it is, and throws what we refuse", async () => {
    const client = latchkey({ url: BASE_URL, key: caller.token, fetch: async (url, init) => api.fetch(new Request(url, init)) });
    const answer = await client.getProxied(idOf("square"), "v2/merchants/me");
    expect([answer.status, (await answer.json()).merchant.id]).toEqual([200, expect.any(String)]);
    answers.push(() => new Response("theirs", { status: 409 }));
    expect((await client.postProxied(idOf("square"), "/v2/x", { body: "a" })).status).toBe(409);
    await expect(client.getProxied(idOf("square"), "a//b")).rejects.toMatchObject({ status: 400, code: "bad_path" });
    await expect(client.headProxied("con_nowhere", "a")).rejects.toMatchObject({ status: 404, code: "not_found" });
  });
});

describe("who may not", () => {
  it("401, 403, 404: as everywhere, and nothing is called", async () => {
    const bare = await caller.ask(`/proxy/${idOf("square")}/x`, { headers: { authorization: "Bearer nobody" } });
    const [reader, other] = [await aCaller({ scopes: ["access:read"] }), await aCaller({ merchantIds: ["mer_other"] })];
    const refused = [bare, await reader.ask(`/proxy/${idOf("square")}/x`), await other.ask(`/proxy/${idOf("square")}/x`)];
    expect(refused.map((answer) => [answer.status, answer.headers.get("latchkey-problem")])).toEqual([
      [401, "unknown_key"],
      [403, "forbidden"],
      [404, "not_found"],
    ]);
    expect(arrived).toEqual([]);
  });

  it("409 where nobody knows the API's address", async () => {
    const { oauth2 } = at.providers;
    const before = oauth2.apiUrl;
    oauth2.apiUrl = () => null;
    const answer = await ask("oauth2", "/x");
    oauth2.apiUrl = before;
    expect([answer.status, (await answer.json()).code]).toEqual([409, "proxy_not_offered"]);
  });

  it("400 for a path that could lead elsewhere", async () => {
    for (const path of ["//trap.example/x", "/%252e%252e/x", "/a%5c..%5cb", "/%zz", "/..%2f..%2fadmin"]) {
      const answer = await ask("square", path);
      expect([path, answer.status, answer.headers.get("latchkey-problem")]).toEqual([path, 400, "bad_path"]);
    }
    expect(arrived).toEqual([]);
  });
});

describe("a 401 of the platform", () => {
  const forgetAccess = () => {
    for (const grant of ultracart.state.grants) grant.access = {};
  };

  it("has the access renewed once and the call made once more, with its body", async () => {
    forgetAccess();
    const before = (await findConnection(database(), idOf("ultracart")))?.generation ?? 0;
    const answer = await ask("ultracart", "/item/items?_limit=1");
    expect([answer.status, answer.headers.get("latchkey-generation")]).toEqual([200, String(before + 1)]);
    expect(arrived.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(2).fill("GET https://ultracart.test/rest/v2/item/items?_limit=1"),
    );
    expect([ultracart.ledger.count("token"), ultracart.ledger.calls.filter(({ status }) => status === 429)]).toEqual([1, []]);

    await moveClock("2 minutes");
    forgetAccess();
    answers.push(({ body, headers }) => (body && headers.authorization ? null : new Response("not so", { status: 500 })));
    const posted = await ask("ultracart", "/item/items", {
      method: "POST",
      body: new URLSearchParams({ a: "1" }),
      headers: { "content-length": "3" },
    });
    expect([posted.headers.get("latchkey-generation"), ...arrived.slice(2).map(({ body }) => body)]).toEqual([
      String(before + 2),
      "a=1",
      "a=1",
    ]);
  });

  it("is passed on with its generation where the body is gone, and where the access works", async () => {
    answers.push(() => new Response("who are you", { status: 401 }));
    const stream = new Blob(["a".repeat(100)]).stream();
    const gone = await ask("ultracart", "/item/items", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect([gone.status, await gone.text(), gone.headers.get("latchkey-generation")]).toEqual([
      401,
      "who are you",
      expect.stringMatching(/^\d+$/),
    ]);
    expect([arrived.length, ultracart.ledger.calls.length]).toEqual([1, 0]);
    const works = await ask("ultracart", "/item/items");
    expect([works.status, await works.text(), arrived.length, ultracart.ledger.count("token")]).toEqual([401, "who are you", 2, 0]);
    // What the platform was just asked about is not asked about again.
    const again = await ask("ultracart", "/item/items");
    expect([again.status, arrived.length, ultracart.ledger.count("token")]).toEqual([401, 3, 0]);
  });
});

describe("pace", () => {
  it("UltraCart gets one call at a time, from however many callers", async () => {
    ultracart.switches.busyMs = 30;
    const second = await aCaller();
    const calls = Array.from({ length: 6 }, (_, n) => (n % 2 ? second : caller).ask(`/proxy/${idOf("ultracart")}/item/items?_limit=1`));
    const statuses = await Promise.all(calls.map(async (call) => [(await call).status, (await (await call).text()).length > 0]));
    expect(statuses).toEqual(Array(6).fill([200, true]));
  });

  it("a renewal that waits comes before the next call", async () => {
    const { answer, finish } = slowAnswer();
    answers.push(({ url }) => (url.endsWith("/slow") ? answer : null));
    const slow = await ask("ultracart", "/slow");
    // Its answer is under way, and so long it has the platform to itself.
    const renew = () => renewOnce(worker, idOf("ultracart"), ["active"]);
    expect(await renew()).toMatchObject({ kind: "failed", error: { code: "paced" } });
    const next = ask("ultracart", "/item/items?_limit=1");
    finish();
    expect(await slow.text()).toBe("end");
    await moveClock("5 seconds");
    expect(await renew()).toEqual({ kind: "renewed" });
    expect((await next).status).toBe(200);
    expect(ultracart.ledger.calls.map(({ name }) => name)).toEqual(["token", expect.stringContaining("item")]);
  });

  it("Norce's few token calls are not spent on others", async () => {
    await ask("norce", "/commerce/metadata/1.1/GetApplication?format=json");
    const before = await database().execute(sql`select name, tokens from gates`);
    for (let call = 0; call < 5; call += 1)
      expect((await ask("norce", "/commerce/metadata/1.1/GetApplication?format=json")).status).toBe(200);
    expect((await database().execute(sql`select name, tokens from gates`)).rows).toEqual(before.rows);
    expect(norce.ledger.count("token")).toBeLessThanOrEqual(1);
  });

  it.each([429, 503])("a %i with Retry-After is passed on, and holds for this store's next call alone", async (status) => {
    answers.push(() => (arrived.length === 1 ? new Response("slow down", { status, headers: { "retry-after": "30" } }) : null));
    const first = await ask("square", "/v2/merchants/me");
    expect([first.status, first.headers.get("retry-after"), await first.text()]).toEqual([status, "30", "slow down"]);
    const second = await ask("square", "/v2/merchants/me");
    expect([second.status, second.headers.get("latchkey-problem"), Number(second.headers.get("retry-after")) > 20]).toEqual([
      429,
      "paced",
      true,
    ]);
    expect(arrived).toHaveLength(1);
    expect(await renewOnce(worker, idOf("square"), ["active"])).toEqual({ kind: "renewed" });
    await moveClock("31 seconds");
    expect((await ask("square", "/v2/merchants/me")).status).toBe(200);
  });

  it("where a platform counts all calls together, its 429 holds for all of them", async () => {
    answers.push(() => new Response("rate", { status: 429, headers: { "retry-after": "40" } }));
    expect((await ask("ultracart", "/item/items")).status).toBe(429);
    expect(await renewOnce(worker, idOf("ultracart"), ["active"])).toMatchObject({ kind: "failed", error: { code: "paced" } });
    const second = await ask("ultracart", "/item/items");
    expect([second.headers.get("latchkey-problem"), arrived.length]).toEqual(["paced", 1]);
  });
});

describe("revoking", () => {
  it("ends what is asked from then on; what is on its way comes to its end", async () => {
    const { answer, finish } = slowAnswer();
    answers.push(() => answer);
    const store = await connected(at, await aMerchant("Delta Toys"), "square", "MLJEDDAH00002");
    const under = await caller.ask(`/proxy/${store.id}/v2/merchants/me`);
    const admin = await staff("admin");
    await revoke(admin, { connectionId: store.id, reason: "asked" }, at.open);
    const next = await caller.ask(`/proxy/${store.id}/v2/merchants/me`);
    expect([next.status, next.headers.get("latchkey-problem")]).toEqual([410, "revoked"]);
    finish();
    expect(await under.text()).toBe("end");
    expect(arrived).toHaveLength(1);
    expect(square.ledger.count("revoke")).toBe(1);
  });
});
