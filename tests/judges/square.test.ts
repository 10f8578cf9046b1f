import { createHash } from "node:crypto";
import { SquareClient, SquareError, serialization, WebhooksHelper } from "square";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { square } from "@/lib/providers/square";
import { steps } from "@/tests/providers/worlds/square-steps";
import { listen } from "@/tests/simulators/listen";
import { type SquareSimulator, squareSimulator } from "@/tests/simulators/square";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser } from "@/tests/support/plain-browser";

// Square's own package judges the Square simulator over real HTTP: what it sends has to be understood, what comes back has to be what
// its models know, no field more and of the right kind, and errors have to be those that it maps.
const REDIRECT_URI = "http://127.0.0.1:3000/api/oauth/square/callback";
const DAY_MS = 86_400_000;
const VERIFIER = "v".repeat(43);
const { ObtainTokenRequest, ObtainTokenResponse, RetrieveTokenStatusResponse, RevokeTokenRequest, RevokeTokenResponse } = serialization;

let simulator: SquareSimulator;
let close: () => Promise<void>;
let client: SquareClient;
let app: { clientId: string; clientSecret: string };
let bodies: unknown[];
const now = { value: new Date() };

beforeEach(async () => {
  now.value = new Date();
  const port = await freePort();
  simulator = squareSimulator({ origin: `http://127.0.0.1:${port}`, now: () => now.value }, { redirectUris: [REDIRECT_URI] });
  ({ close } = await listen(simulator, port));
  app = { clientId: simulator.settings.clientId, clientSecret: simulator.settings.clientSecret };
  bodies = [];
  client = sdk("unused");
});
afterEach(() => close());

/** Each answer's body is kept as it came, because the package shows only what it made of it. */
function sdk(token: string): SquareClient {
  const keeping: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    bodies.push(await response.clone().json());
    return response;
  };
  return new SquareClient({ token, baseUrl: simulator.settings.apiUrl, maxRetries: 0, fetch: keeping });
}

async function approved(more: Record<string, string> = {}): Promise<string> {
  const asked = { client_id: app.clientId, scope: "MERCHANT_PROFILE_READ ORDERS_READ", redirect_uri: REDIRECT_URI, state: "s" };
  const url = `${simulator.settings.apiUrl}/oauth2/authorize?${new URLSearchParams({ ...asked, ...more })}`;
  const back = await plainBrowser()(url, { store: "MLJEDDAH00002", decision: "approve" });
  return new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

const obtain = async () =>
  client.oAuth.obtainToken({ ...app, grantType: "authorization_code", code: await approved(), redirectUri: REDIRECT_URI });
const renew = (refreshToken: string | undefined, more: object = {}) =>
  client.oAuth.obtainToken({ ...app, grantType: "refresh_token", refreshToken, ...more });
const asClient = () => ({ headers: { Authorization: `Client ${app.clientSecret}` } });

async function refusal(work: PromiseLike<unknown>): Promise<SquareError> {
  const error = await Promise.resolve(work).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SquareError);
  return error as SquareError;
}

describe("the package's client", () => {
  it("obtains, renews, asks the status and revokes", async () => {
    const first = await obtain();
    expect(ObtainTokenResponse.parse(bodies.at(-1), { unrecognizedObjectKeys: "fail" })).toMatchObject({ ok: true });
    expect(first).toMatchObject({ tokenType: "bearer", merchantId: "MLJEDDAH00002", shortLived: false });
    expect(Math.abs(Date.parse(first.expiresAt ?? "") - now.value.getTime() - 30 * DAY_MS)).toBeLessThan(1_000);

    const second = await renew(first.refreshToken);
    expect([second.refreshToken === first.refreshToken, second.accessToken === first.accessToken]).toEqual([true, false]);

    const status = await sdk(second.accessToken ?? "").oAuth.retrieveTokenStatus();
    expect(RetrieveTokenStatusResponse.parse(bodies.at(-1), { unrecognizedObjectKeys: "fail" })).toMatchObject({ ok: true });
    expect(status).toEqual({
      scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ"],
      expiresAt: second.expiresAt,
      clientId: app.clientId,
      merchantId: "MLJEDDAH00002",
    });
    const { merchant } = await sdk(second.accessToken ?? "").merchants.get({ merchantId: "me" });
    expect(merchant).toMatchObject({ id: "MLJEDDAH00002", businessName: "Jeddah shop", status: "ACTIVE" });

    expect(await client.oAuth.revokeToken({ clientId: app.clientId, accessToken: second.accessToken }, asClient())).toEqual({
      success: true,
    });
    expect(RevokeTokenResponse.parse(bodies.at(-1), { unrecognizedObjectKeys: "fail" })).toMatchObject({ ok: true });
    const dead = await refusal(sdk(first.accessToken ?? "").oAuth.retrieveTokenStatus());
    expect([dead.statusCode, dead.errors]).toMatchObject([401, [{ category: "AUTHENTICATION_ERROR", code: "ACCESS_TOKEN_REVOKED" }]]);
  });

  it("narrows the scopes, asks for a day only, and ends one token alone", async () => {
    const first = await obtain();
    const narrow = await renew(first.refreshToken, { scopes: ["ORDERS_READ", "ITEMS_READ"], shortLived: true });
    expect(narrow.shortLived).toBe(true);
    expect(Math.abs(Date.parse(narrow.expiresAt ?? "") - now.value.getTime() - DAY_MS)).toBeLessThan(1_000);
    expect((await sdk(narrow.accessToken ?? "").oAuth.retrieveTokenStatus()).scopes).toEqual(["ORDERS_READ"]);
    const only = { clientId: app.clientId, accessToken: narrow.accessToken, revokeOnlyAccessToken: true };
    expect(await client.oAuth.revokeToken(only, asClient())).toEqual({ success: true });
    expect((await sdk(first.accessToken ?? "").oAuth.retrieveTokenStatus()).merchantId).toBe("MLJEDDAH00002");
    expect(await client.oAuth.revokeToken({ clientId: app.clientId, merchantId: "MLJEDDAH00002" }, asClient())).toEqual({ success: true });
    expect((await refusal(renew(first.refreshToken))).statusCode).toBe(401);
  });

  it("goes the PKCE way: no secret, each refresh token once, its end is told", async () => {
    const { clientId } = app;
    const code = await approved({ code_challenge: createHash("sha256").update(VERIFIER).digest("base64url") });
    const asked = { clientId, grantType: "authorization_code", code, redirectUri: REDIRECT_URI };
    const first = await client.oAuth.obtainToken({ ...asked, codeVerifier: VERIFIER });
    expect(ObtainTokenResponse.parse(bodies.at(-1), { unrecognizedObjectKeys: "fail" })).toMatchObject({ ok: true });
    const end = Date.parse(first.refreshTokenExpiresAt ?? "");
    expect(Math.abs(end - now.value.getTime() - 90 * DAY_MS)).toBeLessThan(1_000);
    const spend = () => client.oAuth.obtainToken({ clientId, grantType: "refresh_token", refreshToken: first.refreshToken });
    expect((await spend()).refreshToken).not.toBe(first.refreshToken);
    expect((await refusal(spend())).statusCode).toBe(401);
  });

  it("migrates a token from before refresh tokens existed, as often as asked", async () => {
    const migrationToken = simulator.issueLegacy("MLRIYADH00001");
    for (let round = 0; round < 2; round += 1) {
      const migrated = await client.oAuth.obtainToken({ ...app, grantType: "migration_token", migrationToken });
      expect((await renew(migrated.refreshToken)).merchantId).toBe("MLRIYADH00001");
    }
  });
});

describe("refusals as the package maps them", () => {
  const legacy = (type: string, detail: string) => [{ category: "V1_ERROR", code: type, detail }];

  it("three kinds of 401 at the token endpoint, told apart by their shape", async () => {
    const code = await approved();
    const asked = { grantType: "authorization_code", redirectUri: REDIRECT_URI };
    const wrong = await refusal(client.oAuth.obtainToken({ ...app, ...asked, code, clientSecret: "CNRY-wrong" }));
    expect([wrong.statusCode, wrong.errors]).toEqual([401, legacy("service.not_authorized", "Not Authorized")]);
    await client.oAuth.obtainToken({ ...app, ...asked, code });
    for (const bad of [code, "sq0cgb-never-issued"]) {
      const refused = await refusal(client.oAuth.obtainToken({ ...app, ...asked, code: bad }));
      expect([refused.statusCode, refused.errors]).toMatchObject([401, [{ category: "AUTHENTICATION_ERROR", code: "UNAUTHORIZED" }]]);
      expect(refused.errors[0]?.detail).toBe(`Authorization code not found for app ${app.clientId}`);
    }
    const ended = await obtain();
    simulator.revokeAtPlatform("MLJEDDAH00002");
    const dead = await refusal(renew(ended.refreshToken));
    expect([dead.statusCode, dead.errors]).toEqual([401, legacy("service.not_authorized", "Invalid refresh token")]);
  });

  it("what is missing is named, and the sandbox's client is unknown in production", async () => {
    const code = await approved();
    const bare = await refusal(
      client.oAuth.obtainToken({ clientId: app.clientId, grantType: "authorization_code", code, redirectUri: REDIRECT_URI }),
    );
    expect([bare.statusCode, bare.errors]).toMatchObject([
      400,
      [{ category: "INVALID_REQUEST_ERROR", code: "MISSING_REQUIRED_PARAMETER", field: "client_secret" }],
    ]);
    const { clientId, secret: clientSecret } = simulator.state.apps.sandbox;
    const mixed = await refusal(
      client.oAuth.obtainToken({ clientId, clientSecret, grantType: "authorization_code", code, redirectUri: REDIRECT_URI }),
    );
    expect(mixed.errors).toEqual(legacy("service.not_authorized", "Not Authorized"));
  });

  it("a revocation with the client's own bearer is refused: the header has to be given by hand", async () => {
    const { accessToken } = await obtain();
    const refused = await refusal(sdk(accessToken ?? "").oAuth.revokeToken({ clientId: app.clientId, accessToken }));
    expect([refused.statusCode, refused.errors]).toEqual([400, legacy("bad_request.invalid_parameter", "bad authorization header")]);
    expect((await sdk(accessToken ?? "").oAuth.retrieveTokenStatus()).merchantId).toBe("MLJEDDAH00002");
  });

  it("a token that ran out, and one that never was", async () => {
    const { accessToken } = await obtain();
    now.value = new Date(now.value.getTime() + 30 * DAY_MS);
    for (const token of [accessToken ?? "", "never-issued"]) {
      const refused = await refusal(sdk(token).oAuth.retrieveTokenStatus());
      expect([refused.statusCode, refused.errors]).toMatchObject([401, [{ category: "AUTHENTICATION_ERROR", code: "UNAUTHORIZED" }]]);
    }
  });
});

describe("its models of what is asked", () => {
  it.each([false, true])("know every field that our provider sends (PKCE %s)", async (pkce) => {
    const t = steps({ pkce });
    const grant = await t.connected();
    await t.provider.refresh({ ...grant, scopes: [...grant.scopes, "PAYMENTS_READ"] }, t.io);
    await t.provider.revoke(grant, t.io, "token");
    await t.provider.revoke({ ...grant, access: null }, t.io, "authorization");
    const judged = t.sent.flatMap(({ url, body }) => {
      const model = { "/oauth2/token": ObtainTokenRequest, "/oauth2/revoke": RevokeTokenRequest }[url.pathname];
      return model ? model.parse(JSON.parse(body), { unrecognizedObjectKeys: "fail" }) : [];
    });
    expect(judged.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  });
});

describe("its webhook helper", () => {
  const notificationUrl = "https://latchkey.test/api/webhooks/square?environment=production";
  type Sent = { body: string; signature: string };

  async function notified(deliveries: Sent[] = [], status = 200) {
    const results = await simulator.webhooks.deliver(async (request) => {
      expect([request.method, request.url]).toEqual(["POST", notificationUrl]);
      deliveries.push({ body: await request.text(), signature: request.headers.get("x-square-hmacsha256-signature") ?? "" });
      return new Response(null, { status });
    });
    return { results, deliveries };
  }
  const verify = (signatureKey: string, { body, signature }: Sent, url = notificationUrl) =>
    WebhooksHelper.verifySignature({ requestBody: body, signatureHeader: signature, signatureKey, notificationUrl: url });

  it("accepts the simulator's signature, and its models know the event", async () => {
    const signatureKey = simulator.webhooks.subscribe(notificationUrl);
    const { accessToken } = await obtain();
    await client.oAuth.revokeToken({ clientId: app.clientId, accessToken }, asClient());
    const sent = (await notified()).deliveries[0] as Sent;
    expect(await verify(signatureKey, sent)).toBe(true);
    const event = serialization.OauthAuthorizationRevokedEvent.parse(JSON.parse(sent.body), { unrecognizedObjectKeys: "fail" });
    expect(event).toMatchObject({
      ok: true,
      value: {
        merchantId: "MLJEDDAH00002",
        type: "oauth.authorization.revoked",
        eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        data: { type: "revocation", object: { revocation: { revokerType: "APPLICATION" } } },
      },
    });
    expect(Math.abs(Date.parse(JSON.parse(sent.body).data.object.revocation.revoked_at) - now.value.getTime())).toBeLessThan(1_000);
  });

  it("refuses each altered byte of the body, another address, another key, and a signature of nothing", async () => {
    const signatureKey = simulator.webhooks.subscribe(notificationUrl);
    await obtain();
    simulator.revokeAtPlatform("MLJEDDAH00002");
    const sent = (await notified()).deliveries[0] as Sent;
    expect(await verify(signatureKey, sent)).toBe(true);
    for (let at = 0; at < sent.body.length; at += 1) {
      const altered = sent.body.slice(0, at) + String.fromCharCode(sent.body.charCodeAt(at) ^ 1) + sent.body.slice(at + 1);
      expect(await verify(signatureKey, { ...sent, body: altered })).toBe(false);
    }
    expect(await verify(signatureKey, sent, `${notificationUrl}/`)).toBe(false);
    expect(await verify(simulator.webhooks.subscribe(notificationUrl), sent)).toBe(false);
    expect(await verify(signatureKey, { ...sent, signature: "" })).toBe(false);
  });

  it("judges as our provider does: what is genuine, and each altered byte of body and signature", async () => {
    const signatureKey = simulator.webhooks.subscribe(notificationUrl);
    await obtain();
    simulator.revokeAtPlatform("MLJEDDAH00002");
    const sent = (await notified()).deliveries[0] as Sent;
    const { notice } = square({ ...simulator.settings, webhookKey: signatureKey });
    const ours = ({ body, signature }: Sent, url = notificationUrl): boolean => {
      try {
        notice?.({ url, headers: new Headers({ "x-square-hmacsha256-signature": signature }), body: Buffer.from(body) });
        return notice !== undefined;
      } catch (error) {
        expect(error).toMatchObject({ trouble: "declined", code: "bad_signature" });
        return false;
      }
    };
    const both = async (one: Sent, url = notificationUrl) => [await verify(signatureKey, one, url), ours(one, url)];
    const change = (text: string, at: number) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    expect(await both(sent)).toEqual([true, true]);
    for (let at = 0; at < sent.body.length; at += 1) expect(await both({ ...sent, body: change(sent.body, at) })).toEqual([false, false]);
    for (let at = 0; at < sent.signature.length; at += 1)
      expect(await both({ ...sent, signature: change(sent.signature, at) })).toEqual([false, false]);
    for (const one of [
      { ...sent, signature: "" },
      { ...sent, body: "" },
      { body: "", signature: "" },
    ])
      expect(await both(one)).toEqual([false, false]);
    for (const url of [`${notificationUrl}/`, notificationUrl.toUpperCase(), "https://elsewhere.example"])
      expect(await both(sent, url)).toEqual([false, false]);
  });

  it("is asked once per ended authorization, and again until it is answered with 2xx, for a day", async () => {
    simulator.webhooks.subscribe(notificationUrl);
    const { accessToken } = await obtain();
    await client.oAuth.revokeToken({ clientId: app.clientId, accessToken, revokeOnlyAccessToken: true }, asClient());
    expect((await notified()).results).toEqual([]);
    simulator.revokeAtPlatform("MLJEDDAH00002");
    simulator.revokeAtPlatform("MLJEDDAH00002");

    const deliveries: Sent[] = [];
    const waits: number[] = [];
    for (let next: Date | null | undefined = now.value; next; ) {
      now.value = next;
      const { results } = await notified(deliveries, waits.length % 2 === 0 ? 302 : 503);
      expect(results).toHaveLength(1);
      next = results[0]?.nextTryAt;
      if (next) waits.push(Math.round((next.getTime() - now.value.getTime()) / 60_000));
      expect((await notified(deliveries)).results).toEqual([]);
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThanOrEqual(24 * 60);
    expect(new Set(deliveries.map(({ body, signature }) => body + signature)).size).toBe(1);
    now.value = new Date(now.value.getTime() + 10 * DAY_MS);
    expect((await notified()).results).toEqual([]);
  });

  it("is left in peace once it has answered", async () => {
    simulator.webhooks.subscribe(notificationUrl);
    await obtain();
    simulator.revokeAtPlatform("MLJEDDAH00002", "SQUARE");
    expect((await notified()).results).toMatchObject([{ status: 200, accepted: true, nextTryAt: null }]);
    now.value = new Date(now.value.getTime() + DAY_MS);
    expect((await notified()).results).toEqual([]);
  });
});
