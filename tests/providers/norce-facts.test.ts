import { beforeEach, describe, expect, test } from "vitest";
import type { CredentialsProvider, Grant, Issued } from "@/lib/providers/contract";
import texts from "@/lib/providers/messages/en.json";
import { norce } from "@/lib/providers/norce";
import { testIo } from "@/tests/support/test-io";
import { world } from "./worlds/norce";
import { shipped } from "./worlds/shipped";

const TOKEN = "http://127.0.0.1:4102/acme/se/stage/identity/1.0/connect/token";
const APPLICATION = "http://127.0.0.1:4102/acme/se/stage/commerce/metadata/1.1/GetApplication";

let at: ReturnType<typeof world>;
let provider: CredentialsProvider;
let good: Record<string, string>;
beforeEach(() => {
  at = world();
  provider = at.provider as CredentialsProvider;
  good = {
    grant_type: "client_credentials",
    client_id: at.credentials.client_id ?? "",
    client_secret: at.credentials.client_secret ?? "",
    scope: "stage",
  };
});

const read = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const part = (token: unknown, index: number) => JSON.parse(Buffer.from(String(token).split(".")[index] ?? "", "base64url").toString());
const grantOf = (issued: Issued): Grant => ({ ...issued, scopes: issued.scopes ?? [], accountId: null });

/** Straight to the platform, past the provider. */
function ask(url: string, init: RequestInit & { from?: string } = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("x-simulated-source", init.from ?? "one address");
  return at.simulator.handle(new Request(url, { ...init, headers }));
}
const token = (fields: Record<string, string>, from?: string) => ask(TOKEN, { method: "POST", body: new URLSearchParams(fields), from });

/** The first call of a provider that is set up in no way at all, and where it went. */
async function firstCall(values: Record<string, string>, set: CredentialsProvider | undefined = undefined) {
  const asked: { url: string; form: URLSearchParams }[] = [];
  const io = testIo(async (request) => {
    asked.push({ url: request.url, form: new URLSearchParams(await request.text()) });
    return Response.json({ access_token: "CNRY-a", token_type: "Bearer", expires_in: 600 });
  });
  const own = set ?? shipped("norce").provider;
  if (own?.kind !== "credentials") throw new Error("Norce is not offered");
  const held = grantOf(await own.exchange({ ...at.credentials, slug: "acme", ...values }, io));
  await own.refresh(held, io);
  expect(asked).toHaveLength(1);
  return asked[0] as (typeof asked)[0];
}

describe("the user in Norce Admin", () => {
  test("is asked for as pasted values, with the place where it is made and that its secret is shown once", () => {
    const { need, note, fields } = texts.platforms.norce;
    expect(provider.kind).toBe("credentials");
    expect(need).toContain("Settings > Users > OAUTH");
    expect(fields.client_secret.hint).toMatch(/^Shown once/);
    expect(note).toMatch(/powerful/);
    expect(provider.fields.map((field) => field.name)).toEqual(
      expect.arrayContaining(["client_id", "client_secret", "environment", "application_id"]),
    );
  });

  test("is powerful: its secret is asked for as one and is in nothing that is shown", async () => {
    expect(provider.fields.find((field) => field.name === "client_secret")?.kind).toBe("secret");
    const io = testIo(at.simulator.handle, () => at.now.value);
    const held = grantOf(await provider.refresh(grantOf(await provider.exchange(at.credentials, io)), io));
    const shown = JSON.stringify([await provider.inspect(held, io), provider.headers(held), held.scopes, held.access]);
    expect(shown).not.toContain(good.client_secret);
  });
});

describe("the token URL", () => {
  test.each([
    ["production", "https://acme.api-se.norce.tech/identity/1.0/connect/token"],
    ["stage", "https://acme.api-se.stage.norce.tech/identity/1.0/connect/token"],
    ["playground", "https://acme.api-se.playground.norce.tech/identity/1.0/connect/token"],
  ])("of %s, where nothing is configured, is %s, asked for its own name", async (environment, url) => {
    const { url: asked, form } = await firstCall({ environment });
    expect([asked, form.get("scope")]).toEqual([url, environment]);
  });

  test("of Storm has a host of its own and no /identity, and is asked for 'lab'", async () => {
    const { url, form } = await firstCall({ mode: "storm", slug: "", api_origin: "https://api.storm.example" });
    expect([url, form.get("scope")]).toEqual(["https://identity.storm.io/1.0/connect/token", "lab"]);
  });
});

describe("a token call", () => {
  test.each(["grant_type", "client_id", "client_secret", "scope"])("is refused without %s, or with another", async (name) => {
    const { [name]: value = "", ...rest } = good;
    expect(await read(await token(rest))).toEqual({ error: "invalid_request" });
    expect((await token({ ...rest, [name]: "another" })).status).toBe(400);
    expect((await token({ ...rest, [name]: value })).status).toBe(200);
  });

  test("is a POST", async () => {
    expect((await ask(`${TOKEN}?${new URLSearchParams(good)}`)).status).toBe(405);
  });

  test("is a form, not JSON", async () => {
    const headers = { "content-type": "application/json" };
    expect((await ask(TOKEN, { method: "POST", headers, body: JSON.stringify(good) })).status).toBe(400);
  });

  test("carries the credentials in its body, not in Basic", async () => {
    const headers = { authorization: `Basic ${btoa(`${good.client_id}:${good.client_secret}`)}` };
    const body = new URLSearchParams({ grant_type: "client_credentials", scope: "stage" });
    expect((await ask(TOKEN, { method: "POST", headers, body })).status).toBe(400);
    expect((await ask(TOKEN, { method: "POST", headers, body: new URLSearchParams(good) })).status).toBe(400);
  });

  test("is URL-encoded, whatever the secret is made of", async () => {
    const client_secret = "a&b=c+d %e/é";
    const { form } = await firstCall({ client_secret });
    expect(Object.fromEntries(form)).toEqual({ ...good, client_secret });
  });

  test("names one or more environments, separated by spaces", async () => {
    expect((await token({ ...good, scope: "stage playground" })).status).toBe(200);
    expect(await read(await token({ ...good, scope: "stage,playground" }))).toEqual({ error: "invalid_scope" });
    expect(await read(await token({ ...good, scope: "stage production" }))).toEqual({ error: "invalid_scope" });
  });

  test("is answered with a JWT, whole seconds, Bearer and the scope that was asked, and no refresh token", async () => {
    const body = await read(await token(good));
    expect(body).toEqual({ access_token: expect.stringMatching(/^\S+\.\S+\.\S+$/), expires_in: 600, token_type: "Bearer", scope: "stage" });
  });

  test("the JWT is RS256 of the type at+jwt, with the claims of the documentation's example", async () => {
    at.simulator.switches.scopeNames = "lab";
    const { access_token, scope } = await read(await token({ ...good, scope: "lab" }));
    expect(part(access_token, 0)).toEqual({ alg: "RS256", kid: expect.any(String), typ: "at+jwt", x5t: expect.any(String) });
    const { nbf, exp, ...claims } = part(access_token, 1);
    expect(exp - nbf).toBe(600);
    expect(claims).toMatchObject({ iss: "https://identity.lab.storm.io/1.0/", client_id: good.client_id });
    expect([scope, claims.aud, claims.scope.includes("Staging")]).toEqual(["lab", ["Playground", "Staging"], true]);
  });

  test("names inside the token that differ from those asked for are nobody's matter", async () => {
    const io = testIo(at.simulator.handle, () => at.now.value);
    const held = grantOf(await provider.refresh(grantOf(await provider.exchange(at.credentials, io)), io));
    expect(part(held.access, 1)).toMatchObject({ aud: "Staging", scope: ["Staging"] });
    expect(held.scopes).toEqual(["stage"]);
    expect(await provider.inspect(held, io)).toMatchObject({ environment: "stage" });
  });

  test("without a refresh token the same credentials are sent again", async () => {
    const forms: Record<string, string>[] = [];
    const io = testIo(
      async (request) => {
        forms.push(Object.fromEntries(new URLSearchParams(await request.clone().text())));
        return at.simulator.handle(request);
      },
      () => at.now.value,
    );
    const first = grantOf(await provider.refresh(grantOf(await provider.exchange(at.credentials, io)), io));
    at.now.value = new Date(at.now.value.getTime() + 600_000);
    expect((await provider.refresh(first, io)).access).not.toBe(first.access);
    expect(forms).toEqual([good, good]);
  });

  test.each<[string, Record<string, string>]>([
    ["another host", { environment: "playground" }],
    ["another scope", { scope: "stage" }],
    ["another client", { client_id: "another", client_secret: "CNRY-another" }],
  ])("one token is not shared with %s", async (_what, change) => {
    const io = testIo(at.simulator.handle, () => at.now.value);
    const [first] = at.simulator.users;
    if (first) at.simulator.users.push({ ...first, clientId: "another", clientSecret: "CNRY-another" });
    const values = { ...at.credentials, scope: "stage playground" };
    for (const one of [values, values, { ...values, ...change }]) await provider.refresh(grantOf(await provider.exchange(one, io)), io);
    expect(at.simulator.ledger.count("token", 200)).toBe(2);
  });
});

describe("the limit", () => {
  const wrong = { grant_type: "client_credentials", client_id: "x", client_secret: "x", scope: "stage" };

  test("lets a burst of 20 through behind the first, then one in each 20 seconds, and answers 429 with nothing else", async () => {
    const statuses = [];
    for (let call = 0; call < 23; call += 1) statuses.push((await token(wrong)).status);
    expect(statuses).toEqual([...Array(21).fill(400), 429, 429]);
    const busy = await token(wrong);
    expect([busy.status, busy.headers.has("retry-after"), await busy.text()]).toEqual([429, false, ""]);
    for (let round = 0; round < 3; round += 1) {
      at.now.value = new Date(at.now.value.getTime() + 20_000);
      expect([(await token(wrong)).status, (await token(wrong)).status]).toEqual([400, 429]);
    }
  });

  test("is counted by address: all clients of one share it, another address has its own", async () => {
    for (let call = 0; call < 21; call += 1) await token({ ...wrong, client_id: `client ${call}` });
    expect((await token(good)).status).toBe(429);
    expect((await token(good, "another address")).status).toBe(200);
  });

  test("is the provider's own pace: 3 a minute and 20 at once", () => {
    expect(provider.pace).toMatchObject({ calls: 3, perS: 60, burst: 20 });
  });
});

describe("GetApplication", () => {
  const bearer = async () => `Bearer ${(await read(await token(good))).access_token}`;
  const show = async (query: string, headers: Record<string, string>) => ask(`${APPLICATION}${query}`, { headers });

  test("is asked for JSON, with the bearer and the application's number", async () => {
    const authorization = await bearer();
    const ApplicationId = "1042";
    expect((await show("?format=json", { authorization, ApplicationId })).status).toBe(200);
    expect((await show("?format=json&cultureCode=sv-SE", { authorization, ApplicationId })).status).toBe(200);
    expect((await show("", { authorization, ApplicationId })).status).toBe(400);
    expect((await show("?format=json", { authorization })).status).toBe(400);
    expect((await show("?format=json", { authorization, ApplicationId: "acme" })).status).toBe(400);
    expect((await show("?format=json", { ApplicationId })).status).toBe(401);
    expect((await show("?format=json", { authorization: "Bearer x", ApplicationId })).status).toBe(401);
  });

  test("shows a user the applications that it was given, not those of another user", async () => {
    const [acme, , bravo] = at.simulator.users;
    const of = async (user: typeof acme) => {
      const form = { ...good, client_id: user?.clientId ?? "", client_secret: user?.clientSecret ?? "" };
      const host = `http://127.0.0.1:4102/${user?.slug}/se/stage`;
      const answer = await ask(`${host}/identity/1.0/connect/token`, { method: "POST", body: new URLSearchParams(form) });
      const headers = { authorization: `Bearer ${(await read(answer)).access_token}`, ApplicationId: "1043" };
      return (await ask(`${host}/commerce/metadata/1.1/GetApplication?format=json`, { headers })).status;
    };
    expect([await of(acme), await of(bravo)]).toEqual([200, 403]);
  });

  test("is called by the provider with exactly that", async () => {
    const seen: Request[] = [];
    const io = testIo(
      (request) => {
        seen.push(request.clone());
        return at.simulator.handle(request);
      },
      () => at.now.value,
    );
    const held = grantOf(await provider.refresh(grantOf(await provider.exchange(at.credentials, io)), io));
    await provider.inspect(held, io);
    const asked = seen.at(-1);
    expect([asked?.method, asked?.url]).toEqual(["GET", `${APPLICATION}?format=json`]);
    expect([asked?.headers.get("authorization"), asked?.headers.get("applicationid")]).toEqual([`Bearer ${held.access}`, "1042"]);
    expect(provider.headers(held)).toEqual({ Authorization: `Bearer ${held.access}`, ApplicationId: "1042" });
  });

  test("is answered with the application's whole settings, of which names alone are taken", async () => {
    const answer = await read(await show("?format=json", { authorization: await bearer(), ApplicationId: "1042" }));
    expect(answer).toMatchObject({
      Id: 1042,
      ParentId: 1042,
      Key: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Name: "Acme web shop",
      Url: expect.any(String),
      SenderEmailAddress: "orders@shop.example",
      Client: { Id: 7, Key: expect.stringMatching(/^[0-9a-f-]{36}$/), Name: "Acme Nordic" },
      Pricelists: { Ids: [1], Default: 1 },
      Authorizations: [],
    });
    for (const name of ["Cultures", "Currencies", "SalesAreas", "Roles", "Countries"])
      expect([name, Object.keys(answer[name] as object)]).toEqual([name, ["List", "Default"]]);
    const io = testIo(at.simulator.handle, () => at.now.value);
    const account = await provider.inspect(grantOf(await provider.refresh(grantOf(await provider.exchange(at.credentials, io)), io)), io);
    expect(Object.keys(account).sort()).toEqual(["environment", "id", "label"]);
    expect(JSON.stringify(account)).not.toContain("orders@");
  });
});

test("the scope is a setting of the merchant's, and may be any name", async () => {
  expect(provider.fields.find((field) => field.name === "scope")).toMatchObject({ kind: "text", optional: true });
  expect(
    (
      await firstCall({ scope: "prod" }, norce({ originTemplate: "https://{slug}.api-{region}{env}.norce.tech", stormTokenUrl: TOKEN }))
    ).form.get("scope"),
  ).toBe("prod");
});
