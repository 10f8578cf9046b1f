import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertPause } from "@/db/callers";
import { transaction } from "@/db/client";
import { api } from "@/lib/api/app";
import { withClientAddress } from "@/lib/client-address";
import { createKey } from "@/lib/keys/create-key";
import { endKey } from "@/lib/keys/end-key";
import { keyScopes } from "@/lib/keys/key-scopes";
import { newKeyToken } from "@/lib/keys/key-token";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { type Example, keyedRoutes, requestOf } from "./asked-as";
import { documentNow } from "./client-now";
import { useDoors } from "./doors";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms({ stores: ["S1"] });
const { answers } = useDoors(at);

const routes = keyedRoutes(documentNow());

/** How each route is asked; whoever adds one says it here. */
const examples: Record<string, (world: { id: string; spare: string; merchant: string }) => Example> = {
  "GET /connections": () => ({ good: 200, other: 200 }),
  "GET /providers": () => ({ good: 200, other: 200 }),
  "GET /events": () => ({ good: 200, other: 200 }),
  "GET /merchants": () => ({ good: 200, other: 200 }),
  "POST /merchants": () => ({ body: { external_id: crypto.randomUUID(), name: "Nile Toys" }, good: 201, other: 403 }),
  "POST /connections/import": ({ merchant }) => ({
    body: { provider: "oauth2", merchant, values: { refresh_token: "CNRY-none" } },
    good: 422,
  }),
  "POST /connections/{id}/test": ({ id }) => ({ path: { id }, good: 200 }),
  "POST /connections/{id}/renew": ({ id }) => ({ path: { id }, good: 200 }),
  "DELETE /connections/{id}": ({ spare }) => ({ path: { id: spare }, body: { reason: "The seller has left" }, good: 200 }),
  "GET /connections/{id}": ({ id }) => ({ path: { id }, good: 200 }),
  "GET /connections/{id}/access": ({ id }) => ({ path: { id }, good: 200, paused: 403 }),
  "GET /access": ({ merchant }) => ({ query: `merchant=${merchant}&provider=oauth2`, good: 200, paused: 403 }),
  "POST /access/batch": ({ id }) => ({
    body: { connections: [id] },
    ...{ good: 200, other: 404, paused: 403 },
    inside: (body) => (body as { results: { status: number }[] }).results[0]?.status,
  }),
  "POST /connections/{id}/report": ({ id }) => ({ path: { id }, body: { generation: 0 }, good: 200, paused: 403 }),
  "POST /connect-links": () => ({ body: { merchant: { external_id: "nile-1", name: "Nile Books" } }, good: 201, other: 403 }),
  "GET /connections/{id}/credentials": ({ id }) => ({ path: { id }, good: 404, paused: 403 }),
  ...Object.fromEntries(
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].map((method) => [
      `${method} /proxy/{id}/{path}`,
      ({ id }) => ({ path: { id, path: "orders/7" }, good: 200, paused: 403 }),
    ]),
  ),
};

const tokens = { unknown: newKeyToken(), revoked: "", expired: "", other: "", paused: "" };
let asks = 0;
/** By scope: a key with every other one, and a key with no other one. */
const lacking = new Map<string, string>();
const having = new Map<string, string>();
let world: Parameters<(typeof examples)[string]>[0];

beforeAll(async () => {
  answers.push(() => new Response("{}"));
  const [admin, mona, delta] = [await staff("admin"), await aMerchant("Nile Books"), await aMerchant("Delta Toys")];
  const make = (name: string, more: object = {}) => createKey(admin, { name, scopes: [...keyScopes], ...more });
  tokens.expired = (await make("expired", { days: 1 })).token;
  await moveClock("25 hours");
  at.skew.ms += 25 * 3_600_000;
  const [revoked, paused] = [await make("revoked"), await make("paused")];
  await endKey(admin, revoked.id, "revoked");
  Object.assign(tokens, { revoked: revoked.token, paused: paused.token });
  tokens.other = (await make("other", { merchantIds: delta.merchants.map(({ id }) => id) })).token;
  for (const scope of new Set(routes.map((route) => route.scope))) {
    lacking.set(scope, (await make(`all but ${scope}`, { scopes: keyScopes.filter((one) => one !== scope) })).token);
    having.set(scope, (await make(scope, { scopes: [scope] })).token);
  }
  const [{ id, merchantId: merchant }, { id: spare }] = [await connected(at, mona, "oauth2", "S1"), await connected(at, mona, "square")];
  world = { id, spare, merchant };
  await transaction((tx) => insertPause(tx, { connectionId: id, keyId: paused.id, pausedBy: admin.id, pausedByName: "Omar" }));
});
afterAll(async () => {
  await resetClock();
});

it("there is an example for every route, and none for what is no route", () => {
  expect(Object.keys(examples).sort()).toEqual(routes.map(({ route }) => route).sort());
});

describe.each(routes)("$route", (route) => {
  const asked = async (token: string | null, more: Partial<Example> = {}) => {
    const example = { ...examples[route.route]?.(world), ...more } as Example;
    const [path, init] = requestOf(route, example);
    const headers = new Headers(init.headers);
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    // Nobody's failures are another's.
    const answer = await withClientAddress(`10.0.0.${++asks % 250}`, () =>
      api.fetch(new Request(`${BASE_URL}/api/v1${path}`, { ...init, headers })),
    );
    const text = await answer.text();
    const body: unknown = text === "" ? null : JSON.parse(text);
    const inside = answer.status === 200 && example.inside?.(body);
    return { example, status: inside || answer.status, code: answer.headers.get("latchkey-problem") };
  };

  it("without a key, with an unknown, a revoked or an expired one: 401", async () => {
    expect(await asked(null)).toMatchObject({ status: 401, code: "no_key" });
    for (const name of ["unknown", "revoked", "expired"] as const)
      expect(await asked(tokens[name]), name).toMatchObject({ status: 401, code: "unknown_key" });
  });

  // What a proxied call brings is the platform's to understand.
  if (route.scope !== "proxy")
    it("with a parameter that it does not know: 400", async () => {
      expect(await asked(having.get(route.scope) ?? "", { query: "nonesuch=1" })).toMatchObject({ status: 400, code: "invalid" });
    });

  it("with every scope but its own: 403", async () => {
    const { example, status, code } = await asked(lacking.get(route.scope) ?? "");
    expect(status).toBe(403);
    if (!example.inside) expect(code).toBe("forbidden");
  });

  it("with another merchant's key, a paused one, one with its own scope and no other: as the table says", async () => {
    const { example, status, code } = await asked(tokens.other);
    expect(status).toBe(example.other ?? 404);
    if (status === 404 && !example.inside) expect(code).toBe("not_found");
    const paused = await asked(tokens.paused);
    expect(paused.status).toBe(example.paused ?? example.good);
    if (example.paused === 403 && !example.inside) expect(paused.code).toBe("caller_paused");
    expect((await asked(having.get(route.scope) ?? "")).status).toBe(example.good);
  });
});
