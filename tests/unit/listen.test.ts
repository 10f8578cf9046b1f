import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import type { Fault } from "@/tests/simulators/faults";
import { listen } from "@/tests/simulators/listen";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import { freePort } from "@/tests/support/free-port";

const outside = makeFetch({ allowLoopback: true });
let origin: string;
let simulator: ReturnType<typeof oauth2Simulator>;
let stop: () => Promise<void>;

beforeEach(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  simulator = oauth2Simulator({ origin, now: () => new Date() }, { redirectUris: [`${origin}/back`] });
  stop = (await listen(simulator, port)).close;
});

afterEach(() => stop());

const post = (path: string, body: unknown) => outside(`${origin}${path}`, { method: "POST", body: JSON.stringify(body) });
const fault = (one: Fault | Fault[]) => post("/__fault", one);
const me = () => outside(`${origin}/api/me`, { headers: { authorization: "Bearer x" } });
const introspect = () => {
  const authorization = `Basic ${Buffer.from(`${simulator.client.id}:${simulator.client.secret}`).toString("base64")}`;
  return outside(`${origin}/introspect`, { method: "POST", body: new URLSearchParams({ token: "x" }), headers: { authorization } });
};

it("carries methods, headers, form bodies and redirects both ways", async () => {
  const refused = await me();
  expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="simulated", error="invalid_token"']);
  const answer = await introspect();
  expect([answer.status, await answer.json()]).toEqual([200, { active: false }]);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: simulator.client.id,
    redirect_uri: `${origin}/back`,
    state: "s",
    scope: "openid",
  });
  const page = await outside(`${origin}/authorize?${query}`);
  expect(await page.text()).toContain("<h1>Simulated OAuth 2.0 platform</h1>");
  const decision = new URLSearchParams({ store: "acct-jeddah", decision: "approve" });
  const back = await outside(`${origin}/authorize?${query}`, { method: "POST", body: decision });
  expect([back.status, new URL(back.headers.get("location") ?? "").pathname]).toEqual([303, "/back"]);
});

it("tells what was asked without a secret, and forgets it on demand", async () => {
  await introspect();
  const ledger = await (await outside(`${origin}/__ledger`)).text();
  expect(JSON.parse(ledger)).toMatchObject({
    counts: { introspect: 1 },
    calls: [{ name: "introspect", status: 200, path: "/introspect" }],
  });
  for (const secret of simulator.ledger.secrets) expect(ledger).not.toContain(secret);
  await fault({ kind: "html" });
  expect((await post("/__clear", {})).status).toBe(200);
  expect(await (await outside(`${origin}/__ledger`)).json()).toEqual({ calls: [], counts: {} });
  expect((await me()).status).toBe(401);
});

it("flips switches that exist, with values of their kind", async () => {
  expect((await post("/__switch", { name: "metadata", value: "none" })).status).toBe(200);
  expect((await outside(`${origin}/.well-known/openid-configuration`)).status).toBe(404);
  expect((await post("/__switch", { name: "metadata", value: 1 })).status).toBe(400);
  expect((await post("/__switch", { name: "unknown", value: true })).status).toBe(400);
  expect((await post("/__switch", null)).status).toBe(400);
});

it("makes answers wrong as asked, as often as asked, on the paths asked", async () => {
  await fault([
    { match: "/api/me", calls: 1, kind: "status", status: 503, headers: { "retry-after": "9" } },
    { match: "/api/me", calls: 1, kind: "body", body: "{" },
    { match: "/api/me", calls: 1, kind: "html" },
    { match: "/api/me", calls: 1, kind: "slow", ms: 30 },
  ]);
  expect((await introspect()).status).toBe(200);
  const first = await me();
  expect([first.status, first.headers.get("retry-after")]).toEqual([503, "9"]);
  expect(await (await me()).text()).toBe("{");
  expect((await me()).headers.get("content-type")).toBe("text/html");
  const before = performance.now();
  expect((await me()).status).toBe(401);
  expect(performance.now() - before).toBeGreaterThanOrEqual(29);
});

it("cuts the line before the work is done, or after", async () => {
  await fault({ kind: "unreachable", calls: 1 });
  await expect(introspect()).rejects.toMatchObject({ name: "ProviderError" });
  expect(simulator.ledger.count("introspect")).toBe(0);
  await fault({ kind: "reset-after-issuing", calls: 1 });
  await expect(introspect()).rejects.toMatchObject({ trouble: "doubt", code: "no_whole_answer" });
  expect(simulator.ledger.count("introspect")).toBe(1);
  expect((await introspect()).status).toBe(200);
});

it("refuses controls that it does not have", async () => {
  expect((await fault({ kind: "fire" } as unknown as Fault)).status).toBe(400);
  expect((await outside(`${origin}/__fault`)).status).toBe(405);
  expect((await post("/__other", {})).status).toBe(404);
});

it("frees its port", async () => {
  await stop();
  await expect(me()).rejects.toMatchObject({ trouble: "transient" });
  const again = await listen(simulator, Number(new URL(origin).port));
  stop = again.close;
  expect((await me()).status).toBe(401);
});
