import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import texts from "@/lib/providers/messages/en.json";
import { DAY_MS, REDIRECT, steps, VERIFIER } from "./worlds/square-steps";

type Fields = Record<string, unknown>;

const FORM = { "content-type": "application/x-www-form-urlencoded" };

let t: ReturnType<typeof steps>;
let client: { client_id: string; client_secret: string };
beforeEach(() => {
  t = steps();
  const { clientId, clientSecret } = t.at.simulator.settings;
  client = { client_id: clientId, client_secret: clientSecret };
});

/** Straight to the platform, past the provider. */
function ask(path: string, body: Fields | URLSearchParams, headers: Record<string, string> = {}): Promise<Response> {
  const form = body instanceof URLSearchParams;
  const type: Record<string, string> = form ? {} : { "content-type": "application/json" };
  const init = { method: "POST", headers: { ...type, ...headers }, body: form ? body : JSON.stringify(body) };
  return t.at.simulator.handle(new Request(`https://connect.square.test${path}`, init));
}
const token = (body: Fields) => ask("/oauth2/token", body);
const revoke = (body: Fields) => ask("/oauth2/revoke", body, { authorization: `Client ${client.client_secret}` });
const status = (access: unknown) =>
  t.at.simulator.handle(
    new Request("https://connect.square.test/oauth2/token/status", { method: "POST", headers: { authorization: `Bearer ${access}` } }),
  );
const renew = (access_token: unknown, authorization = `Client ${client.client_secret}`) =>
  ask(`/oauth2/clients/${client.client_id}/access-token/renew`, { access_token }, { authorization });

async function read(answer: Response): Promise<Fields> {
  expect(answer.status).toBe(200);
  return (await answer.json()) as Fields;
}

/** "400 CODE field" of a refusal in Square's newer form, "401 message" of one in the older. */
async function refusal(answer: Response): Promise<string> {
  const body = (await answer.json()) as { errors?: { code: string; field?: string }[]; message?: string };
  const first = body.errors?.[0];
  return [answer.status, ...(first ? [first.code, first.field] : [body.message])].filter(Boolean).join(" ");
}

async function codeBody(challenge = false, redirect = true): Promise<Fields> {
  const url = new URL("https://connect.square.test/oauth2/authorize");
  url.searchParams.set("client_id", client.client_id);
  url.searchParams.set("scope", "MERCHANT_PROFILE_READ ORDERS_READ");
  if (redirect) url.searchParams.set("redirect_uri", REDIRECT);
  if (challenge) url.searchParams.set("code_challenge", createHash("sha256").update(VERIFIER).digest("base64url"));
  const code = (await t.at.approve(url.href)).get("code");
  return { grant_type: "authorization_code", code, ...(redirect ? { redirect_uri: REDIRECT } : {}) };
}
const issued = async (body: Fields = {}) => read(await token({ ...client, ...(await codeBody()), ...body }));
const refreshing = (from: Fields) => ({ ...client, grant_type: "refresh_token", refresh_token: from.refresh_token });
const migrating = () => ({ ...client, grant_type: "migration_token", migration_token: t.at.simulator.issueLegacy("MLRIYADH00001") });

describe("ObtainToken", () => {
  test("is a POST of JSON, not of a form", async () => {
    const body = { ...client, ...(await codeBody()) };
    expect((await ask("/oauth2/token", new URLSearchParams(body as Record<string, string>))).status).toBe(400);
    expect((await ask("/oauth2/token", body, FORM)).status).toBe(400);
    expect((await t.at.simulator.handle(new Request("https://connect.square.test/oauth2/token"))).status).toBe(404);
    expect((await token(body)).status).toBe(200);
  });

  test("takes the secret from its body, not from a header", async () => {
    const { client_secret, ...rest } = { ...client, ...(await codeBody()) };
    for (const authorization of [
      `Client ${client_secret}`,
      `Bearer ${client_secret}`,
      `Basic ${btoa(`${client.client_id}:${client_secret}`)}`,
    ])
      expect(await refusal(await ask("/oauth2/token", rest, { authorization }))).toBe("400 MISSING_REQUIRED_PARAMETER client_secret");
    expect((await token({ ...rest, client_secret })).status).toBe(200);
  });

  test.each(["client_id", "grant_type"])("wants %s for every grant", async (name) => {
    for (const body of [{ ...client, ...(await codeBody()) }, refreshing(await issued()), migrating()] as Fields[]) {
      const { [name]: value, ...rest } = body;
      expect(await refusal(await token(rest))).toBe(`400 MISSING_REQUIRED_PARAMETER ${name}`);
      expect((await token({ ...rest, [name]: "something else" })).ok).toBe(false);
      expect((await token({ ...rest, [name]: value })).status).toBe(200);
    }
  });

  test("wants the secret for every grant of the code flow", async () => {
    for (const { client_secret, ...rest } of [{ ...client, ...(await codeBody()) }, refreshing(await issued()), migrating()]) {
      expect(await refusal(await token(rest))).toBe("400 MISSING_REQUIRED_PARAMETER client_secret");
      expect(await refusal(await token({ ...rest, client_secret: "another" }))).toBe("401 Not Authorized");
      expect((await token({ ...rest, client_secret })).status).toBe(200);
    }
  });

  test("takes no secret in the PKCE flow, but the verifier of the challenge", async () => {
    const body = { client_id: client.client_id, ...(await codeBody(true)) };
    expect((await token(body)).status).toBe(401);
    expect((await token({ ...body, code_verifier: "x".repeat(43) })).status).toBe(401);
    expect((await token({ ...body, ...client, code_verifier: VERIFIER })).status).toBe(400);
    const first = await read(await token({ ...body, code_verifier: VERIFIER }));
    expect((await token({ client_id: client.client_id, grant_type: "refresh_token", refresh_token: first.refresh_token })).status).toBe(
      200,
    );
  });

  test("knows three grants and no other", async () => {
    for (const body of [{ ...client, ...(await codeBody()) }, refreshing(await issued()), migrating()])
      expect((await token(body)).status).toBe(200);
    expect(await refusal(await token({ ...client, ...(await codeBody()), grant_type: "client_credentials" }))).toBe(
      "400 INVALID_VALUE grant_type",
    );
  });

  test.each(["code", "refresh_token", "migration_token"])("wants %s for its grant, and one that was issued", async (name) => {
    const bodies: Record<string, Fields> = {
      code: { ...client, ...(await codeBody()) },
      refresh_token: refreshing(await issued()),
      migration_token: migrating(),
    };
    const { [name]: value, ...rest } = bodies[name] ?? {};
    expect((await token(rest)).ok).toBe(false);
    expect((await token({ ...rest, [name]: "never issued" })).status).toBe(401);
    expect((await token({ ...rest, [name]: value })).status).toBe(200);
  });

  test("wants redirect_uri where the authorize address named one, and the same", async () => {
    const { redirect_uri, ...rest }: Fields = { ...client, ...(await codeBody()) };
    expect((await token(rest)).status).toBe(401);
    expect((await token({ ...rest, redirect_uri: `${redirect_uri}/` })).status).toBe(401);
    expect((await token({ ...rest, redirect_uri })).status).toBe(200);
    expect((await token({ ...client, ...(await codeBody(false, false)) })).status).toBe(200);
  });

  test.each([
    ["client_id", 1, 191],
    ["client_secret", 2, 1024],
    ["grant_type", 10, 20],
    ["code", 1, 191],
    ["redirect_uri", 1, 2048],
    ["refresh_token", 2, 1024],
    ["migration_token", 2, 1024],
  ])("limits %s to %i to %i characters", async (name, shortest, longest) => {
    const asked = async (length: number) =>
      refusal(await token({ ...client, ...(await codeBody()), [name]: "x".repeat(length) }).then(asRefusal));
    expect(await asked(longest + 1)).toBe(`400 VALUE_TOO_LONG ${name}`);
    expect(await asked(shortest - 1)).toBe(`400 VALUE_TOO_SHORT ${name}`);
    for (const length of [shortest, longest]) expect(await asked(length)).not.toContain("VALUE_TOO");
  });

  test("stays within the limits in everything that the provider sends", async () => {
    const grant = await t.connected();
    await t.provider.refresh(grant, t.io);
    for (const { url, body } of t.sent.filter((one) => one.url.pathname === "/oauth2/token")) {
      const fields = JSON.parse(body) as Record<string, string>;
      expect([url.search, Object.values(fields).every((value) => value.length > 0 && value.length <= 191)]).toEqual(["", true]);
      expect(fields).not.toHaveProperty("short_lived");
      expect(fields).not.toHaveProperty("use_jwt");
    }
  });

  test("narrows a refresh to those of the scopes that were granted", async () => {
    const scopes = async (asked: Fields) => {
      const { access_token } = await read(await token(asked));
      return (await read(await status(access_token))).scopes;
    };
    const first = await issued();
    expect(await scopes({ ...refreshing(first), scopes: ["ORDERS_READ", "PAYMENTS_WRITE"] })).toEqual(["ORDERS_READ"]);
    expect(await scopes(refreshing(first))).toEqual(["MERCHANT_PROFILE_READ", "ORDERS_READ"]);
  });

  test("issues access for 30 days, or for 24 hours where that is asked", async () => {
    const end = (ms: number) => t.later(ms).toISOString().replace(".000", "");
    expect(await issued()).toMatchObject({ expires_at: end(30 * DAY_MS), short_lived: false });
    const short = await issued({ short_lived: true });
    expect(short).toMatchObject({ expires_at: end(DAY_MS), short_lived: true });
    t.pass(DAY_MS);
    expect((await status(short.access_token)).status).toBe(401);
  });

  test("issues a JWT where that is asked, which works like any other", async () => {
    expect(String((await issued()).access_token)).not.toContain(".");
    const { access_token } = await issued({ use_jwt: true });
    expect(String(access_token).split(".")).toHaveLength(3);
    expect((await status(access_token)).status).toBe(200);
  });
});

/** An answer that is no refusal, in the form of one. */
const asRefusal = (answer: Response) => (answer.ok ? Response.json({ message: "fine" }) : answer);

describe("RevokeToken", () => {
  test("is a POST of JSON with the secret behind the word Client", async () => {
    const { access_token } = await issued();
    const body = { client_id: client.client_id, access_token };
    for (const authorization of ["", client.client_secret, `Bearer ${client.client_secret}`])
      expect(await refusal(await ask("/oauth2/revoke", body, { authorization }))).toBe("400 bad authorization header");
    expect(await refusal(await ask("/oauth2/revoke", body, { authorization: "Client another" }))).toBe("401 Not Authorized");
    expect((await ask("/oauth2/revoke", body, { ...FORM, authorization: `Client ${client.client_secret}` })).status).toBe(400);
    expect(await read(await revoke(body))).toEqual({ success: true });
  });

  test("wants our client id, no longer than 191 characters", async () => {
    const { access_token } = await issued();
    expect(await refusal(await revoke({ access_token }))).toBe("401 Not Authorized");
    expect(await refusal(await revoke({ access_token, client_id: "another" }))).toBe("401 Not Authorized");
    expect(await refusal(await revoke({ access_token, client_id: "x".repeat(192) }))).toBe("400 VALUE_TOO_LONG client_id");
    expect((await status(access_token)).status).toBe(200);
  });

  test("takes an access token or a seller, not both and not neither", async () => {
    const { access_token, merchant_id } = await issued();
    const { client_id } = client;
    expect((await revoke({ client_id })).status).toBe(400);
    expect((await revoke({ client_id, access_token, merchant_id })).status).toBe(400);
    expect((await status(access_token)).status).toBe(200);
    expect((await revoke({ client_id, access_token })).status).toBe(200);
    const other = await issued();
    expect((await revoke({ client_id, merchant_id })).status).toBe(200);
    expect((await status(other.access_token)).status).toBe(401);
  });

  test("ends every access token and every refresh token of the seller, unless this token alone was named", async () => {
    const [one, two, other] = [await issued(), await issued(), await issued()];
    const { client_id } = client;
    expect((await revoke({ client_id, access_token: one.access_token, revoke_only_access_token: true })).status).toBe(200);
    expect([(await status(one.access_token)).status, (await status(two.access_token)).status]).toEqual([401, 200]);
    expect((await token(refreshing(one))).status).toBe(200);
    expect((await revoke({ client_id, access_token: two.access_token })).status).toBe(200);
    for (const ended of [two, other]) {
      expect((await status(ended.access_token)).status).toBe(401);
      expect(await refusal(await token(refreshing(ended)))).toBe("401 Invalid refresh token");
    }
  });

  test("is never sent both by the provider: the token first, the seller where it ran out", async () => {
    const grant = await t.connected();
    t.pass(31 * DAY_MS);
    await t.provider.revoke(grant, t.io, "authorization");
    const sent = t.sent.filter((one) => one.url.pathname === "/oauth2/revoke").map((one) => Object.keys(JSON.parse(one.body)).sort());
    expect(sent).toEqual([
      ["access_token", "client_id"],
      ["client_id", "merchant_id"],
    ]);
  });

  test("is announced to the merchant with all that ends, subscriptions too", () => {
    expect(texts.platforms.square.consequences).toContain("ends all our access for this seller");
    expect(texts.platforms.square.consequences).toContain("subscriptions end with it");
    expect(t.provider.revocation).toEqual({ endsSiblings: true, tokenOnly: true });
  });
});

describe("RenewToken", () => {
  beforeEach(() => {
    t.at.simulator.switches.renewWorks = true;
  });

  test("is a POST of JSON with the secret behind the word Client", async () => {
    const access = t.at.simulator.issueLegacy("MLRIYADH00001");
    expect(await refusal(await renew(access, `Bearer ${client.client_secret}`))).toBe("400 bad authorization header");
    expect(await refusal(await renew(access, "Client another"))).toBe("401 Not Authorized");
    expect((await renew(undefined)).ok).toBe(false);
    expect((await renew(access)).status).toBe(200);
  });

  test("is called by the provider with exactly that", async () => {
    const access = t.at.simulator.issueLegacy("MLRIYADH00001");
    await t.provider.refresh({ access, renewal: null, scopes: [], expiresAt: null, accountId: "MLRIYADH00001" }, t.io);
    const last = t.sent.at(-1);
    expect(last?.url.href).toBe(`https://connect.square.test/oauth2/clients/${client.client_id}/access-token/renew`);
    expect(last?.headers.get("authorization")).toBe(`Client ${client.client_secret}`);
    expect(last?.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(last?.body ?? "")).toEqual({ access_token: access });
  });

  test("answers with access, its type, its end and the seller, and no refresh token", async () => {
    const access = t.at.simulator.issueLegacy("MLRIYADH00001");
    const body = await read(await renew(access));
    expect(body).toMatchObject({
      access_token: expect.any(String),
      token_type: "bearer",
      expires_at: expect.any(String),
      merchant_id: "MLRIYADH00001",
    });
    expect(body.access_token).not.toBe(access);
    expect(body).not.toHaveProperty("refresh_token");
  });

  test("serves tokens until 15 days after their end, not after", async () => {
    const access = t.at.simulator.issueLegacy("MLRIYADH00001");
    t.pass(45 * DAY_MS - 1000);
    expect((await renew(access)).status).toBe(200);
    t.pass(1000);
    expect((await renew(access)).status).toBe(400);
  });

  test("serves no token of today's, which the refresh token alone renews", async () => {
    const today = await issued();
    expect((await renew(today.access_token)).status).toBe(404);
    expect((await token(refreshing(today))).status).toBe(200);
  });

  test("is gone at Square, unless it is put back", async () => {
    t.at.simulator.switches.renewWorks = false;
    expect((await renew(t.at.simulator.issueLegacy("MLRIYADH00001"))).status).toBe(404);
  });
});
