import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { keyJwt } from "@/lib/providers/wire/key-jwt";
import { testIo } from "@/tests/support/test-io";
import { answerOf, consent, grantOf, steps } from "./worlds/noon-steps";
import { shipped } from "./worlds/shipped";

const LOGIN = "/identity/public/v1/api/login";
const CREATE = "/identity/oauth/v1/token/create";
const EXCHANGE = "/identity/oauth/v1/token/exchange";
const BEHIND = [
  CREATE,
  EXCHANGE,
  "/identity/v1/whoami",
  "/identity/apiuser/v1/credential/create",
  "/identity/apiuser/v1/credential/remove",
];
const GOOD = { "content-type": "application/json", "user-agent": "Latchkey/0.1" };

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

/** Straight to the platform, past the provider. */
function ask(path: string, body: object | string | null, headers: Record<string, string> = GOOD): Promise<Response> {
  const method = path.endsWith("whoami") ? "GET" : "POST";
  const text = method === "GET" || body === null ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return t.at.simulator.handle(new Request(`https://noon.test${path}`, { method, headers, body: text }));
}

async function cookieOf(keyId: string, privateKey: string): Promise<string> {
  const answer = await ask(LOGIN, { token: keyJwt(keyId, privateKey, t.at.now.value) });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

async function integrator(): Promise<Record<string, string>> {
  const { keyId, privateKey } = t.at.simulator.settings;
  return { ...GOOD, cookie: await cookieOf(keyId, privateKey) };
}

async function createBody(): Promise<Record<string, string>> {
  const { clientId, clientSecret } = t.at.simulator.settings;
  const code = (await t.approved()).get("code") ?? "";
  return { grant_type: "authorization_code", code, client_id: clientId, client_secret: clientSecret };
}

const read = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const part = (token: string, index: number) => JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString());

describe("the integrator's service account", () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const all: Record<string, string> = {
    NOON_CLIENT_ID: "c",
    NOON_CLIENT_SECRET: "s",
    NOON_KEY_ID: "k",
    NOON_PRIVATE_KEY: privateKey,
    NOON_PROJECT_CODE: "PRJ1",
  };

  test.each(["NOON_KEY_ID", "NOON_PRIVATE_KEY", "NOON_PROJECT_CODE"])("is configured whole or not at all: %s is missed", (name) => {
    expect(shipped("noon", all)).toMatchObject({ provider: { id: "noon" }, faults: [] });
    expect(shipped("noon", { ...all, [name]: "" })).toEqual({ provider: undefined, faults: [expect.stringContaining(name)] });
  });

  test("the consent address is Noon's own host where nothing else is configured", async () => {
    const { provider } = shipped("noon", all);
    const io = {
      ...testIo(() => Promise.reject(new Error("a call was made"))),
      session: async () => ({ value: "_npsid=x", expiresAt: null }),
    };
    if (provider?.kind !== "redirect") throw new Error("Noon is not offered");
    expect(await provider.authorizationUrl(consent, io)).toBe(`https://oauth.noon.partners/?client_id=c&state=${consent.state}`);
    expect(provider.host).toBe("oauth.noon.partners");
  });

  test("signs each login anew with RS256, and gets a session in cookies for it", async () => {
    await t.created();
    t.at.simulator.endSessions();
    await t.created();
    const bodies = t.sent.filter((one) => one.path === LOGIN).map((one) => JSON.parse(one.body) as { token: string });
    expect(bodies).toHaveLength(2);
    const publicKey = createPublicKey(t.at.simulator.settings.privateKey);
    for (const { token } of bodies) {
      expect(part(token, 0)).toEqual({ alg: "RS256", typ: "JWT" });
      expect(Object.keys(part(token, 1)).sort()).toEqual(["iat", "jti", "sub"]);
      expect(part(token, 1).sub).toBe(t.at.simulator.settings.keyId);
      const [content, signature] = [token.slice(0, token.lastIndexOf(".")), token.slice(token.lastIndexOf(".") + 1)];
      expect(verify("RSA-SHA256", Buffer.from(content), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
    }
    expect(part(bodies[0]?.token ?? "", 1).jti).not.toBe(part(bodies[1]?.token ?? "", 1).jti);
    for (const one of t.sent.filter((one) => one.path !== LOGIN)) expect(one.headers.get("cookie")).toMatch(/^_npsid=\S+; _nprt=\S+$/);
  });

  test("a statement of another key, or one that was used, opens no session", async () => {
    const { keyId, privateKey: own } = t.at.simulator.settings;
    const token = keyJwt(keyId, own, t.at.now.value);
    expect((await ask(LOGIN, { token: keyJwt(keyId, privateKey, t.at.now.value) })).status).toBe(401);
    expect((await ask(LOGIN, { token })).headers.getSetCookie()).toHaveLength(2);
    const again = await ask(LOGIN, { token });
    expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
  });
});

describe("a call", () => {
  test.each(BEHIND)("%s needs the session's cookie, which the login alone does not", async (path) => {
    expect((await ask(path, {})).status).toBe(401);
    expect((await ask(path, {}, { ...GOOD, cookie: "_npsid=guessed; _nprt=guessed" })).status).toBe(401);
    expect((await ask(path, {}, await integrator())).status).not.toBe(401);
  });

  test.each([CREATE, EXCHANGE])("%s is refused under a seller's session", async (path) => {
    const { Cookie = "" } = t.provider.headers(await t.connected());
    expect((await ask(path, {}, { ...GOOD, cookie: Cookie })).status).toBe(403);
  });

  test.each([LOGIN, ...BEHIND.filter((path) => !path.endsWith("whoami"))])("%s is refused in form encoding", async (path) => {
    const headers = { ...(await integrator()), "content-type": "application/x-www-form-urlencoded" };
    expect((await ask(path, "grant_type=authorization_code", headers)).status).toBe(415);
  });

  test.each([LOGIN, ...BEHIND])("%s is refused to a caller that does not name itself", async (path) => {
    const headers = await integrator();
    for (const agent of ["", "node"]) expect((await ask(path, {}, { ...headers, "user-agent": agent })).status).toBe(403);
  });
});

describe("the consent page", () => {
  const good = `https://noon.test/?client_id=noon-client-latchkey&state=${"s".repeat(43)}`;
  const visit = (url: string) => t.at.simulator.handle(new Request(url));

  test.each(["client_id", "state"])("is not shown without %s", async (name) => {
    const url = new URL(good);
    expect((await visit(url.href)).status).toBe(200);
    url.searchParams.delete(name);
    expect((await visit(url.href)).status).toBe(400);
    expect((await visit(`${url.href}&${name}=`)).status).toBe(400);
  });

  test.each(["redirect_uri", "response_type", "scope", "code_challenge"])("takes no %s", async (name) => {
    expect((await visit(`${good}&${name}=x`)).status).toBe(400);
  });

  test("names the permissions, and a yes leads to the registered address with code and state alone", async () => {
    const page = await (await visit(good)).text();
    expect(page).toContain("Read and update your listings");
    const body = new URLSearchParams({ decision: "approve", store: "PRJ410002" });
    const back = await t.at.simulator.handle(new Request(good, { method: "POST", body }));
    const location = new URL(back.headers.get("location") ?? "");
    expect([back.status, location.origin + location.pathname]).toEqual([303, consent.redirectUri]);
    expect([...location.searchParams.keys()].sort()).toEqual(["code", "state"]);
    expect(location.searchParams.get("state")).toBe(consent.state);
  });
});

describe("token/create", () => {
  test.each(["grant_type", "code", "client_id", "client_secret"])("is refused without %s, or with another", async (name) => {
    const headers = await integrator();
    const { [name]: value, ...rest } = await createBody();
    expect((await ask(CREATE, rest, headers)).ok).toBe(false);
    expect((await ask(CREATE, { ...rest, [name]: "another" }, headers)).ok).toBe(false);
    expect((await ask(CREATE, { ...rest, [name]: value }, headers)).status).toBe(200);
  });

  test.each(["redirect_uri", "code_verifier"])("takes no %s", async (name) => {
    const headers = await integrator();
    const body = await createBody();
    expect((await ask(CREATE, { ...body, [name]: "x" }, headers)).status).toBe(400);
    expect((await ask(CREATE, body, headers)).status).toBe(200);
  });

  test("answers with a JWT, its type, its duration as text, scopes in a list and the seller's project", async () => {
    const body = await read(await ask(CREATE, await createBody(), await integrator()));
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: "TOKEN_TYPE_BEARER",
      expires_in: "3600s",
      scopes: ["listing.write", "order.read"],
      project_code: "PRJ410001",
    });
    expect(part(String(body.access_token), 0)).toMatchObject({ alg: "RS256" });
  });

  test.each([
    ["TOKEN_TYPE_BEARER", true],
    ["TOKEN_TYPE_UNSPECIFIED", true],
    ["TOKEN_TYPE_MAC", false],
  ])("of the type %s is taken: %s", async (token_type, taken) => {
    const query = await t.approved();
    const body = JSON.stringify({
      access_token: "CNRY-a",
      token_type,
      expires_in: "60s",
      scopes: ["order.read"],
      project_code: "PRJ410001",
    });
    t.faults.push({ kind: "body", match: "token/create", body });
    const work = t.provider.exchange(answerOf(query), t.io);
    if (taken) expect(await work).toMatchObject({ scopes: ["order.read"], renewal: expect.stringContaining("CNRY-a") });
    else expect(await t.trouble(work)).toBe("doubt bad_answer");
  });
});

describe("token/exchange", () => {
  const accessToken = async () => String((await read(await ask(CREATE, await createBody(), await integrator()))).access_token);

  test("takes the access token in its body and not as a bearer", async () => {
    const headers = await integrator();
    const access_token = await accessToken();
    expect((await ask(EXCHANGE, {}, { ...headers, authorization: `Bearer ${access_token}` })).status).toBe(400);
    expect((await ask(EXCHANGE, { access_token }, headers)).status).toBe(200);
  });

  test("answers with a status, the seller's project, a request id and the key file", async () => {
    expect(await read(await ask(EXCHANGE, { access_token: await accessToken() }, await integrator()))).toEqual({
      status: { status_id: 0, status_code: "OK", message: "", details: [] },
      project_code: "PRJ410001",
      oauth_request_id: expect.stringMatching(/^req-/),
      result: {
        key_id: expect.stringMatching(/^noon-partners-key-id-[0-9a-f]{32}$/),
        private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
        channel_identifier: expect.stringMatching(/^\S+@p900001\.idp\.noon\.partners$/),
        project_code: "PRJ900001",
        type: "apijwt",
        issued_at: t.at.now.value.toISOString(),
      },
    });
  });

  test("the access token goes there alone, and no call carries a bearer", async () => {
    const first = await t.created();
    const { accessToken: token } = JSON.parse(first.renewal ?? "") as { accessToken: string };
    const connected = grantOf(await t.provider.refresh(grantOf(await t.provider.refresh(first, t.io)), t.io));
    await t.provider.inspect(connected, t.io);
    expect(t.sent.filter((one) => one.body.includes(token)).map((one) => one.path)).toEqual([EXCHANGE]);
    for (const { headers } of t.sent)
      expect([headers.has("authorization"), [...headers.values()].join().includes(token)]).toEqual([false, false]);
    expect(JSON.stringify(connected)).not.toContain(token);
  });
});

describe("the seller's key", () => {
  test("is an RSA key that is handed out once, and the platform keeps its public half alone", async () => {
    const created = await t.created();
    const grant = grantOf(await t.provider.refresh(created, t.io));
    const { privateKey, keyId } = JSON.parse(grant.renewal ?? "") as { privateKey: string; keyId: string };
    expect(createPublicKey(privateKey).asymmetricKeyType).toBe("rsa");
    expect(JSON.stringify(t.at.simulator.state.accounts)).not.toContain("PRIVATE KEY");
    const kept = Object.values(t.at.simulator.state.accounts).flatMap((account) => Object.entries(account.keys));
    expect(kept.find(([id]) => id === keyId)?.[1].publicKey).toBe(createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
    expect(await t.trouble(t.provider.refresh(created, t.io))).toBe("reconnect token_refused");
  });

  test("lives in the integrator's project and opens a session for the seller's", async () => {
    const key = await t.keyed("PRJ410003");
    const { keyId, privateKey, projectCode, keyProjectCode } = JSON.parse(key.renewal ?? "") as Record<string, string>;
    expect([projectCode, keyProjectCode]).toEqual(["PRJ410003", t.at.simulator.settings.projectCode]);
    const warehouses = async (project: string | undefined) => {
      const token = keyJwt(keyId ?? "", privateKey ?? "", t.at.now.value);
      const session = await ask(LOGIN, { token, default_project_code: project });
      const cookie = session.headers.getSetCookie().map((line) => line.split(";")[0]);
      return (await ask("/warehouse_platform/v1/warehouses/list", {}, { ...GOOD, cookie: cookie.join("; ") })).status;
    };
    expect(await warehouses("PRJ410003")).toBe(200);
    expect(await warehouses(undefined)).toBe(403);
  });

  test("is all there is to renew with: no refresh token, the same key opens the next session", async () => {
    const first = await t.connected();
    t.at.simulator.endSessions();
    t.sent.length = 0;
    const second = grantOf(await t.provider.refresh(first, t.io));
    expect(t.sent.map((one) => one.path)).toEqual([LOGIN]);
    expect(second.renewal).toBe(first.renewal);
    expect(second.access).not.toBe(first.access);
    expect(await t.provider.inspect(second, t.io)).toMatchObject({ id: "PRJ410001" });
  });
});

test("the state is the only defence: no challenge is made, and an issuer in the answer says nothing", async () => {
  expect(t.provider.pkce).toBe(false);
  const url = await t.provider.authorizationUrl({ ...consent, challenge: "x".repeat(43) }, t.io);
  expect(new URL(url).searchParams.has("code_challenge")).toBe(false);
  expect(t.provider.readAnswer(new URLSearchParams("code=x&state=s&iss=https://evil.example"))).toEqual({ kind: "code" });
});
