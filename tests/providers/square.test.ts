import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Grant, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { type SquareSettings, square } from "@/lib/providers/square";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { approveAt } from "./worlds/approve-at";
import { world } from "./worlds/square";

const DAY_MS = 86_400_000;
const REDIRECT = "https://latchkey.test/api/oauth/square/callback";
let at: ReturnType<typeof world>;
let io: ReturnType<typeof testIo>;
let faults: Fault[];
let sent: { url: URL; headers: Headers; body: string }[];
let provider: ReturnType<typeof square>;

function enter(options: Parameters<typeof world>[0] = {}, settings: Partial<SquareSettings> = {}): void {
  at = world(options);
  provider = square({ ...at.simulator.settings, pkce: options?.pkce ?? false, ...settings });
  faults = [];
  sent = [];
  const handle = withFaults(at.simulator, faults);
  io = testIo(
    async (request) => {
      sent.push({ url: new URL(request.url), headers: request.headers, body: await request.clone().text() });
      return handle(request);
    },
    () => at.now.value,
  );
}
beforeEach(() => enter());

const verifier = "v".repeat(43);
const challenge = () => (provider.pkce ? createHash("sha256").update(verifier).digest("base64url") : null);
const later = (ms: number) => new Date(at.now.value.getTime() + ms);
const pass = (ms: number) => {
  at.now.value = later(ms);
};
const addressOf = (locale = "en") =>
  provider.authorizationUrl({ state: "s".repeat(43), redirectUri: REDIRECT, challenge: challenge(), locale }, io);
const answerOf = (query: URLSearchParams) => ({
  query,
  state: "s".repeat(43),
  redirectUri: REDIRECT,
  verifier: provider.pkce ? verifier : null,
});
const approved = async (store?: string) => answerOf(await at.approve(await addressOf(), store));
const lastBody = (path: string) => JSON.parse(sent.findLast((one) => one.url.pathname === path)?.body ?? "null") as Record<string, unknown>;

function grantOf(issued: Issued, before?: Grant): Grant {
  return { ...issued, scopes: issued.scopes ?? before?.scopes ?? configuredScopes(), accountId: before?.accountId ?? null };
}
const configuredScopes = () => at.simulator.settings.scopes;
async function connected(store?: string): Promise<Grant> {
  const grant = grantOf(await provider.exchange(await approved(store), io));
  const account = await provider.inspect(grant, io);
  return { ...grant, accountId: account.id, scopes: account.scopes ?? grant.scopes };
}

async function trouble(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`No ProviderError but ${String(error)}`);
  for (const secret of at.simulator.ledger.secrets) expect(JSON.stringify([error.message, error.detail])).not.toContain(secret);
  return `${error.trouble} ${error.code}`;
}

const v2 = (status: number, code: string, detail = "", field?: string): Fault => ({
  kind: "body",
  status,
  body: JSON.stringify({ errors: [{ category: "X", code, detail, field }] }),
});
const old = (status: number, type: string, message: string): Fault => ({ kind: "body", status, body: JSON.stringify({ type, message }) });

describe("the consent address", () => {
  test("forces a sign-in in production, names the redirect, the scopes and a supported locale", async () => {
    const query = Object.fromEntries(new URL(await addressOf()).searchParams);
    expect(query).toEqual({
      client_id: "sq0idp-LatchkeySimulated",
      scope: "MERCHANT_PROFILE_READ ORDERS_READ ITEMS_READ",
      state: "s".repeat(43),
      redirect_uri: REDIRECT,
      session: "false",
      locale: "en-US",
    });
  });

  test("a language that Square does not speak is not sent; one it speaks is", async () => {
    expect(new URL(await addressOf("ar")).searchParams.has("locale")).toBe(false);
    expect(new URL(await addressOf("fr-CA")).searchParams.get("locale")).toBe("fr-CA");
  });

  test("the sandbox has an environment and no forced sign-in", async () => {
    enter({ origin: "https://connect.squareupsandbox.com" });
    expect(provider.environment).toBe("sandbox");
    expect(new URL(await addressOf()).searchParams.has("session")).toBe(false);
    expect((await connected()).accountId).toBe("MLRIYADH00001");
  });

  test("production credentials are unknown in the sandbox: the operator's matter", async () => {
    enter({ origin: "https://connect.squareupsandbox.com" });
    const answer = await approved();
    const { clientId, secret } = at.simulator.state.apps.production;
    const mixed = square({ ...at.simulator.settings, clientId, clientSecret: secret });
    expect(await trouble(mixed.exchange(answer, io))).toBe("operator invalid_client");
  });

  test("answers: code, denial, nothing", async () => {
    expect(provider.readAnswer((await approved()).query)).toEqual({ kind: "code" });
    expect(provider.readAnswer(await approveAt(at.simulator, await addressOf(), undefined, "deny"))).toEqual({
      kind: "error",
      outcome: "denied",
    });
    expect(provider.readAnswer(new URLSearchParams("state=s"))).toEqual({ kind: "nothing" });
  });
});

describe("exchange and proof", () => {
  test("JSON with the secret in the body and no Authorization; the end is absolute", async () => {
    const issued = await provider.exchange(await approved(), io);
    const request = sent.at(-1);
    expect(request?.headers.get("authorization")).toBeNull();
    expect(request?.headers.get("content-type")).toBe("application/json");
    expect(request?.headers.get("square-version")).toBe("2026-09-16");
    expect(Object.keys(JSON.parse(request?.body ?? "")).sort()).toEqual([
      "client_id",
      "client_secret",
      "code",
      "grant_type",
      "redirect_uri",
    ]);
    expect(issued).toMatchObject({ expiresAt: later(30 * DAY_MS), renewableUntil: null, scopes: null });
    expect(provider.spendsOnce(grantOf(issued))).toBe(false);
  });

  test("token/status names scopes and seller; the name comes from the profile", async () => {
    const grant = await connected("MLAMAL0000003");
    expect(await provider.inspect(grant, io)).toEqual({
      id: "MLAMAL0000003",
      label: "متجر الأمل",
      scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ", "ITEMS_READ"],
      expiresAt: later(30 * DAY_MS),
    });
    expect(provider.headers(grant)).toEqual({ Authorization: `Bearer ${grant.access}` });
  });

  test("the name is never worth a failure, and not asked for without the permission", async () => {
    const grant = await connected();
    faults.push({ kind: "status", status: 500, match: "merchants" });
    expect(await provider.inspect(grant, io)).toMatchObject({ id: "MLRIYADH00001", label: null });
    enter({}, { scopes: ["ORDERS_READ"] });
    await connected();
    expect(at.simulator.ledger.count("merchants/me")).toBe(0);
  });

  test("X-11: hostile names are cleaned", async () => {
    const grant = await connected();
    faults.push({
      kind: "body",
      match: "merchants",
      body: JSON.stringify({ merchant: { business_name: `a\u0000b\u202E\uD800${"x".repeat(5000)}` } }),
    });
    const { label } = await provider.inspect(grant, io);
    expect(label).toHaveLength(200);
    expect(label).toMatch(/^a b x+$/);
  });

  test("X-22: another application's or another seller's token raises an alarm", async () => {
    const grant = await connected();
    const status = { scopes: [], client_id: "sq0idp-other", merchant_id: "MLRIYADH00001" };
    faults.push({ kind: "body", match: "status", calls: 1, body: JSON.stringify(status) });
    expect(await trouble(provider.inspect(grant, io))).toBe("operator foreign_client");
    faults.push({
      kind: "body",
      match: "status",
      body: JSON.stringify({ ...status, client_id: at.simulator.settings.clientId, merchant_id: "MLOTHER" }),
    });
    expect(await trouble(provider.inspect(grant, io))).toBe("operator mixed_answer");
  });

  test("a grant without a refresh token is stored as such (X-09)", async () => {
    at.simulator.switches.omitRefreshToken = true;
    expect((await provider.exchange(await approved(), io)).renewal).toBeNull();
    expect(provider.policy(false)).toMatchObject({ graceS: 15 * 86_400 });
    expect(provider.policy(true)).toEqual({ kind: "refresh_token", renewAfter: { s: 604_800 }, lateAfter: { s: 691_200 }, graceS: null });
  });

  test.each(["2026-13-45T00:00:00Z", "soon", 3600, null, -1, "9999-01-01T00:00:00Z"])(
    "X-08: an end %j is unknown and the token is kept",
    async (expires_at) => {
      const answer = await approved();
      faults.push({
        kind: "body",
        match: "token",
        body: JSON.stringify({ access_token: "t", token_type: "Bearer", expires_at, merchant_id: "M", refresh_token: "r" }),
      });
      expect(await provider.exchange(answer, io)).toMatchObject({
        access: "t",
        expiresAt: null,
        renewal: expect.stringContaining('"refreshToken":"r"'),
      });
    },
  );

  const HOSTILE = [
    "",
    "<html>",
    "[]",
    "null",
    "{",
    '{"access_token":',
    '{"access_token":7,"token_type":"bearer"}',
    '{"access_token":"","token_type":"bearer"}',
    "{}",
  ];
  test.each([...HOSTILE, '{"access_token":"t"}', '{"access_token":"t","token_type":"mac"}'])(
    "X-06, X-07, S-26: 200 with %j is doubt for a code",
    async (body) => {
      const answer = await approved();
      const grant = await connected();
      faults.push({ kind: "body", match: "token", body });
      expect(await trouble(provider.exchange(answer, io))).toBe("doubt bad_answer");
      expect(await trouble(provider.refresh(grant, io))).toBe("transient bad_answer");
      expect(await trouble(provider.inspect(grant, io))).toBe("transient bad_answer");
    },
  );

  test.each([
    ['{"access_token":"t","token_type":"bearer","errors":[{"code":"UNAUTHORIZED"}]}', 200],
    ['{"access_token":"t","token_type":"bearer"}', 400],
  ])("X-10: an error wins over the token beside it: %s with %i", async (body, status) => {
    const answer = await approved();
    faults.push({ kind: "body", match: "token", body, status });
    expect(await trouble(provider.exchange(answer, io))).toBe("declined code_refused");
  });
});

describe("three kinds of 401, and the rest", () => {
  test("by the platform's own acts: used code, expired code, foreign redirect, rotated secret (X-23), revoked seller", async () => {
    const first = await approved();
    await provider.exchange(first, io);
    expect(await trouble(provider.exchange(first, io))).toBe("declined code_refused");
    const second = await approved();
    pass(5 * 60_000);
    expect(await trouble(provider.exchange(second, io))).toBe("declined code_refused");
    expect(await trouble(provider.exchange({ ...(await approved()), redirectUri: "https://elsewhere.test/" }, io))).toBe(
      "declined code_refused",
    );
    const grant = await connected();
    await at.revokeAtPlatform("MLRIYADH00001");
    expect(await trouble(provider.refresh(grant, io))).toBe("reconnect refresh_refused");
    expect(await trouble(provider.inspect(grant, io))).toBe("reconnect access_refused");
    const answer = await approved();
    at.simulator.rotateClientSecret();
    expect(await trouble(provider.exchange(answer, io))).toBe("operator invalid_client");
    expect(await trouble(provider.refresh(grant, io))).toBe("operator invalid_client");
  });

  test.each([
    [old(401, "service.not_authorized", "Not Authorized"), "operator invalid_client", "operator invalid_client"],
    [v2(401, "UNAUTHORIZED", "Authorization code not found for app sq0idp"), "declined code_refused", "reconnect refresh_refused"],
    [old(401, "service.not_authorized", "Invalid refresh token"), "declined code_refused", "reconnect refresh_refused"],
    [old(400, "bad_request", "Invalid refresh token"), "declined code_refused", "reconnect refresh_refused"],
    [old(401, "oauth.revoked", "Token revoked"), "declined code_refused", "reconnect refresh_refused"],
    [v2(400, "MISSING_REQUIRED_PARAMETER", "client_secret", "client_secret"), "operator bad_request", "operator bad_request"],
    [v2(400, "INVALID_VALUE", "Unknown version", "Square-Version"), "operator bad_request", "operator bad_request"],
    [v2(400, "VALUE_TOO_LONG", "too long, client_secret", "code"), "declined code_refused", "transient bad_answer"],
    [v2(403, "APPLICATION_DISABLED"), "operator application_disabled", "operator application_disabled"],
    [v2(401, "CLIENT_DISABLED"), "operator application_disabled", "operator application_disabled"],
    [v2(403, "UNAUTHORIZED"), "declined code_refused", "transient bad_answer"],
    [v2(404, "NOT_FOUND"), "declined code_refused", "transient bad_answer"],
    [{ ...v2(429, "RATE_LIMITED"), headers: { "retry-after": "7" } }, "transient rate_limited", "transient rate_limited"],
    [v2(500, "INTERNAL_SERVER_ERROR"), "doubt http_500", "transient http_500"],
    [{ kind: "status", status: 503 }, "doubt http_503", "transient http_503"],
    [{ kind: "status", status: 307, headers: { location: "https://trap.test" } }, "doubt bad_answer", "transient bad_answer"],
    [{ kind: "unreachable" }, "transient unreachable", "transient unreachable"],
    [{ kind: "reset-after-issuing" }, "doubt no_whole_answer", "doubt no_whole_answer"],
  ] as [Fault, string, string][])("%j on a code and on a refresh token", async (fault, onCode, onRefresh) => {
    const answer = await approved();
    const grant = await connected();
    faults.push({ ...fault, match: "oauth2/token" });
    expect(await trouble(provider.exchange(answer, io))).toBe(onCode);
    expect(await trouble(provider.refresh(grant, io))).toBe(onRefresh);
  });

  test.each([
    [v2(401, "ACCESS_TOKEN_EXPIRED"), "transient session_ended"],
    [v2(401, "UNAUTHORIZED"), "transient session_ended"],
    [v2(401, "ACCESS_TOKEN_REVOKED"), "reconnect access_refused"],
    [old(401, "oauth.revoked", ""), "reconnect access_refused"],
    [v2(403, "APPLICATION_DISABLED"), "operator application_disabled"],
    [v2(400, "BAD_REQUEST"), "transient bad_answer"],
    [{ kind: "html" }, "transient bad_answer"],
    [v2(502, "API_ERROR"), "transient http_502"],
  ] as [Fault, string][])("%j on token/status", async (fault, expected) => {
    const grant = await connected();
    faults.push({ ...fault, match: "status" });
    expect(await trouble(provider.inspect(grant, io))).toBe(expected);
  });

  test("X-02: Retry-After is handed on", async () => {
    const grant = await connected();
    faults.push({ kind: "status", status: 429, headers: { "retry-after": "7" } });
    await expect(provider.refresh(grant, io)).rejects.toMatchObject({ detail: { retryAfterS: 7 } });
  });
});

describe("renewal", () => {
  test("the code flow's refresh token comes back unchanged and keeps working (S-29)", async () => {
    const grant = await connected();
    const second = grantOf(await provider.refresh(grant, io), grant);
    expect(second.renewal).toBe(grant.renewal);
    expect(second.access).not.toBe(grant.access);
    at.simulator.switches.omitRefreshToken = true;
    const third = grantOf(await provider.refresh(second, io), second);
    expect(third.renewal).toBe(grant.renewal);
    pass(45 * DAY_MS);
    expect((await provider.refresh(third, io)).expiresAt).toEqual(later(30 * DAY_MS));
    expect(lastBody("/oauth2/token")).not.toHaveProperty("scopes");
  });

  test("PKCE: no secret, each refresh token once, its end is told", async () => {
    enter({ pkce: true });
    const grant = await connected();
    expect(lastBody("/oauth2/token")).toMatchObject({ code_verifier: verifier });
    expect(lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
    expect(provider.spendsOnce(grant)).toBe(true);
    const issued = await provider.refresh(grant, io);
    expect(lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
    expect(issued.renewal).not.toBe(grant.renewal);
    expect(issued.renewableUntil).toEqual(later(90 * DAY_MS));
    expect(await trouble(provider.refresh(grant, io))).toBe("reconnect refresh_refused");
    expect(provider.spendsOnce(grantOf(issued))).toBe(true);
    faults.push({ kind: "html", match: "token" });
    expect(await trouble(provider.refresh(grantOf(issued), io))).toBe("doubt bad_answer");
    faults.splice(0, 1, { kind: "status", status: 500 });
    expect(await trouble(provider.refresh(grantOf(issued), io))).toBe("doubt http_500");
  });

  test("a grant of the PKCE flow stays one when the setting changes, and the other way round", async () => {
    enter({ pkce: true });
    const grant = await connected();
    const changed = square({ ...at.simulator.settings, pkce: false });
    expect(changed.spendsOnce(grant)).toBe(true);
    await changed.refresh(grant, io);
    expect(lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
  });

  test("a grant wider than configured is narrowed, and stays narrow (S-14)", async () => {
    const wide = await connected();
    const narrow = square({ ...at.simulator.settings, scopes: ["ORDERS_READ"] });
    let grant = grantOf(await narrow.refresh(wide, io), wide);
    expect(grant.scopes).toEqual(["ORDERS_READ"]);
    grant = grantOf(await narrow.refresh(grant, io), grant);
    expect(lastBody("/oauth2/token")).toMatchObject({ scopes: ["ORDERS_READ"] });
    expect(await narrow.inspect(grant, io)).toMatchObject({ scopes: ["ORDERS_READ"] });
  });

  test("X-22: a renewal that answers with another seller's tokens is never kept", async () => {
    const grant = await connected();
    faults.push({
      kind: "body",
      match: "token",
      body: JSON.stringify({ access_token: "t", token_type: "bearer", merchant_id: "MLOTHER" }),
    });
    expect(await trouble(provider.refresh(grant, io))).toBe("operator mixed_answer");
  });

  test("without a refresh token RenewToken is tried, until Square's 15 days are over or the call is gone", async () => {
    const access = at.simulator.issueLegacy("MLRIYADH00001");
    const grant: Grant = { access, renewal: null, scopes: configuredScopes(), expiresAt: null, accountId: "MLRIYADH00001" };
    expect(await trouble(provider.refresh(grant, io))).toBe("reconnect renew_refused");
    at.simulator.switches.renewWorks = true;
    pass(44 * DAY_MS);
    const issued = await provider.refresh(grant, io);
    expect(issued).toMatchObject({ renewal: null, expiresAt: later(30 * DAY_MS) });
    expect(sent.at(-1)?.headers.get("authorization")).toMatch(/^Client CNRY-/);
    pass(2 * DAY_MS);
    expect(await trouble(provider.refresh(grant, io))).toBe("reconnect renew_refused");
    await at.revokeAtPlatform("MLRIYADH00001");
    expect(await trouble(provider.refresh(grantOf(issued, grant), io))).toBe("reconnect renew_refused");
    at.simulator.rotateClientSecret();
    expect(await trouble(provider.refresh(grant, io))).toBe("operator invalid_client");
    expect(await trouble(provider.refresh({ ...grant, access: null }, io))).toBe("reconnect nothing_to_renew");
  });

  test("a grant with a refresh token never goes through RenewToken", async () => {
    at.simulator.switches.renewWorks = true;
    await provider.refresh(await connected(), io);
    expect(at.simulator.ledger.count("renew")).toBe(0);
  });
});

describe("disconnecting", () => {
  test("by access token, with the Client header, for the whole authorization: siblings end too (V-05)", async () => {
    const grant = await connected();
    const sibling = await connected();
    expect(await provider.revoke(grant, io, "authorization")).toBe("remote");
    expect(lastBody("/oauth2/revoke")).toEqual({ client_id: at.simulator.settings.clientId, access_token: grant.access });
    expect(sent.at(-1)?.headers.get("authorization")).toBe(`Client ${at.simulator.settings.clientSecret}`);
    expect(await trouble(provider.refresh(sibling, io))).toBe("reconnect refresh_refused");
  });

  test("the narrower choice ends this token only", async () => {
    const grant = await connected();
    const sibling = await connected();
    expect(await provider.revoke(grant, io, "token")).toBe("remote");
    expect(lastBody("/oauth2/revoke")).toMatchObject({ revoke_only_access_token: true });
    await provider.inspect(sibling, io);
    await provider.refresh(grant, io);
  });

  test("a token that ran out, or none, ends by seller instead; the narrower choice has nothing left to end (V-08)", async () => {
    const grant = await connected();
    pass(31 * DAY_MS);
    expect(await provider.revoke(grant, io, "token")).toBe("remote");
    expect(at.simulator.ledger.count("revoke")).toBe(1);
    const { renewal } = await provider.refresh(grant, io);
    expect(await provider.revoke({ ...grant, renewal }, io, "authorization")).toBe("remote");
    expect(lastBody("/oauth2/revoke")).toEqual({ client_id: at.simulator.settings.clientId, merchant_id: "MLRIYADH00001" });
    expect(await trouble(provider.refresh(grant, io))).toBe("reconnect refresh_refused");
    const other = await connected("MLJEDDAH00002");
    expect(await provider.revoke({ ...other, access: null }, io, "token")).toBe("remote");
    await provider.inspect(other, io);
    expect(await provider.revoke({ ...other, access: null, accountId: null }, io, "authorization")).toBe("remote");
    expect(await trouble(provider.inspect(other, io))).toBe("reconnect access_refused");
  });

  test.each(["404", "401", "200"])("V-03, V-04: revoked before is done, an unknown token (%s) too", async (answer) => {
    const grant = await connected();
    at.simulator.switches.unknownRevoke = answer;
    faults.push({ kind: "reset-after-issuing", match: "revoke", calls: 1 });
    expect(await trouble(provider.revoke(grant, io, "authorization"))).toBe("doubt no_whole_answer");
    expect(await provider.revoke(grant, io, "authorization")).toBe("remote");
    expect(await provider.revoke({ ...grant, access: "never issued" }, io, "authorization")).toBe("remote");
  });

  test.each([
    [{ kind: "body", body: '{"success":false}' }, "transient not_confirmed"],
    [{ kind: "body", body: "{}" }, "transient not_confirmed"],
    [{ kind: "html" }, "transient not_confirmed"],
    [{ kind: "status", status: 503 }, "transient http_503"],
    [v2(401, "UNAUTHORIZED"), "transient not_confirmed"],
    [old(401, "service.not_authorized", "Not Authorized"), "operator invalid_client"],
    [old(400, "bad_request.invalid_parameter", "bad authorization header"), "operator bad_request"],
  ] as [Fault, string][])("%j is not a revocation", async (fault, expected) => {
    const grant = await connected();
    faults.push({ ...fault, match: "revoke" });
    expect(await trouble(provider.revoke(grant, io, "authorization"))).toBe(expected);
  });

  test("a public client has no secret to revoke with: left to a person", async () => {
    enter({ pkce: true }, { clientSecret: "" });
    expect(await provider.revoke(await connected(), io, "authorization")).toBe("local");
    expect(at.simulator.ledger.count("revoke")).toBe(0);
  });
});

describe("import by an admin", () => {
  const adopt = (values: Record<string, string>) => provider.adopt.issue(values, io);
  const refreshTokenOf = (grant: Grant) => (JSON.parse(grant.renewal ?? "{}") as { refreshToken: string }).refreshToken;

  test("a pair of tokens is renewed at once, which proves both", async () => {
    const grant = await connected();
    const issued = await adopt({ access_token: grant.access ?? "", refresh_token: refreshTokenOf(grant), migration: "none" });
    expect(issued.access).not.toBe(grant.access);
    expect(JSON.parse(issued.renewal ?? "")).toMatchObject({ refreshToken: refreshTokenOf(grant), merchantId: "MLRIYADH00001" });
    pass(31 * DAY_MS);
    expect((await adopt({ access_token: grant.access ?? "", refresh_token: refreshTokenOf(grant) })).expiresAt).toEqual(later(30 * DAY_MS));
  });

  test("a legacy token: as it is, migrated as often as asked, or renewed after its end", async () => {
    const access_token = at.simulator.issueLegacy("MLRIYADH00001");
    expect(await adopt({ access_token, migration: "none" })).toEqual({
      access: access_token,
      renewal: null,
      expiresAt: later(30 * DAY_MS),
      scopes: configuredScopes(),
    });
    const migrated = await adopt({ access_token, migration: "migration_token" });
    expect(lastBody("/oauth2/token")).toMatchObject({ grant_type: "migration_token", migration_token: access_token });
    await adopt({ access_token, migration: "migration_token" });
    await provider.refresh(grantOf(migrated), io);
    pass(40 * DAY_MS);
    at.simulator.switches.renewWorks = true;
    expect((await adopt({ access_token })).expiresAt).toEqual(later(30 * DAY_MS));
  });

  test("what does not fit is said at its field", async () => {
    const riyadh = await connected("MLRIYADH00001");
    const jeddah = await connected("MLJEDDAH00002");
    const refused = (fields: Record<string, string>) => ({ trouble: "declined", detail: { fields } });
    const access_token = riyadh.access ?? "";
    await expect(adopt({ access_token: "nonsense" })).rejects.toMatchObject(refused({ access_token: "renew_refused" }));
    await expect(adopt({ access_token: "nonsense", migration: "migration_token" })).rejects.toMatchObject(
      refused({ access_token: "token_refused" }),
    );
    await expect(adopt({ access_token, refresh_token: "nonsense" })).rejects.toMatchObject(refused({ refresh_token: "refresh_refused" }));
    await expect(adopt({ access_token, refresh_token: refreshTokenOf(jeddah) })).rejects.toMatchObject(
      refused({ refresh_token: "mixed_answer" }),
    );
    faults.push({ kind: "body", match: "status", body: JSON.stringify({ client_id: "other", merchant_id: "M" }) });
    await expect(adopt({ access_token })).rejects.toMatchObject(refused({ access_token: "foreign_client" }));
  });

  test("a troubled platform is no verdict on a token", async () => {
    faults.push({ kind: "status", status: 503 });
    expect(await trouble(adopt({ access_token: "t" }))).toBe("transient http_503");
  });
});
