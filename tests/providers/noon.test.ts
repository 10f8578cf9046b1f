import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Grant, Io, Issued } from "@/lib/providers/contract";
import { noon } from "@/lib/providers/noon";
import { ProviderError } from "@/lib/providers/provider-error";
import { protobufDurationS } from "@/lib/providers/wire/protobuf-duration";
import { sessionCookies } from "@/lib/providers/wire/session-cookies";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { approveAt } from "./worlds/approve-at";
import { world } from "./worlds/noon";

let at: ReturnType<typeof world>;
let io: ReturnType<typeof testIo>;
let faults: Fault[];
let sent: { path: string; headers: Headers; body: string }[];

beforeEach(() => {
  at = world();
  faults = [];
  sent = [];
  const handle = withFaults(at.simulator, faults);
  io = testIo(
    async (request) => {
      sent.push({ path: new URL(request.url).pathname, headers: request.headers, body: await request.clone().text() });
      return handle(request);
    },
    () => at.now.value,
  );
});

const consent = { state: "s".repeat(43), redirectUri: "https://latchkey.test/api/oauth/noon/callback", challenge: null, locale: "en" };
const provider = () => at.provider as ReturnType<typeof noon>;
const grantOf = (issued: Issued): Grant => ({ ...issued, scopes: issued.scopes ?? [], accountId: null });
const answerOf = (query: URLSearchParams) => ({ query, state: consent.state, redirectUri: consent.redirectUri, verifier: null });

async function approved(store?: string): Promise<URLSearchParams> {
  return at.approve(await provider().authorizationUrl(consent, io), store);
}
const created = async (store?: string): Promise<Grant> => grantOf(await provider().exchange(answerOf(await approved(store)), io));
const keyed = async (store?: string): Promise<Grant> => grantOf(await provider().refresh(await created(store), io));
const connected = async (store?: string): Promise<Grant> => grantOf(await provider().refresh(await keyed(store), io));
const lastBody = (part: string) => JSON.parse(sent.findLast((one) => one.path.includes(part))?.body ?? "null") as Record<string, unknown>;

async function trouble(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`No ProviderError but ${String(error)}`);
  for (const secret of at.simulator.ledger.secrets) expect(JSON.stringify([error.message, error.detail])).not.toContain(secret);
  return `${error.trouble} ${error.code}`;
}

const rpc = (status: number, code: string, message = ""): Fault => ({
  kind: "body",
  status,
  body: JSON.stringify({ status_id: 3, status_code: code, message, details: [] }),
});

describe("connecting", () => {
  test("the consent address carries client_id and state only, once the integrator can sign in", async () => {
    const url = new URL(await provider().authorizationUrl(consent, io));
    expect([...url.searchParams.keys()].sort()).toEqual(["client_id", "state"]);
    expect(at.simulator.ledger.count("login", 200)).toBe(1);
  });

  test("a refused integrator key is known before the merchant leaves, and is the operator's matter", async () => {
    at.simulator.deactivateIntegrator();
    expect(await trouble(provider().authorizationUrl(consent, io))).toBe("operator key_refused");
  });

  test("every step is a whole truth of its own: intermediate token, then key, then session (X-13, X-14)", async () => {
    const first = await created("PRJ410002");
    expect(first).toMatchObject({ access: null, scopes: ["listing.write", "order.read"] });
    expect(provider().spendsOnce(first)).toBe(true);
    const second = grantOf(await provider().refresh(first, io));
    expect(second.access).toBeNull();
    expect(provider().spendsOnce(second)).toBe(false);
    expect(lastBody("token/exchange")).toEqual({ access_token: JSON.parse(first.renewal ?? "").accessToken });
    expect(at.simulator.ledger.count("token/exchange")).toBe(1);
    const third = grantOf(await provider().refresh(second, io));
    expect(third.renewal).toBe(second.renewal);
    expect(lastBody("login")).toMatchObject({ default_project_code: "PRJ410002" });
    expect(await provider().inspect(third, io)).toEqual({ id: "PRJ410002", label: "PRJ410002" });
    expect(provider().headers(third)).toEqual({
      Cookie: expect.stringMatching(/^_npsid=CNRY-\S+; _nprt=CNRY-\S+$/),
      "User-Agent": expect.stringContaining("Latchkey/"),
    });
  });

  test("every call is JSON, names the caller and reaches no other host", async () => {
    await provider().inspect(await connected(), io);
    expect(sent.map((one) => one.path)).toEqual([
      "/identity/public/v1/api/login",
      "/identity/oauth/v1/token/create",
      "/identity/oauth/v1/token/exchange",
      "/identity/public/v1/api/login",
      "/identity/v1/whoami",
    ]);
    for (const one of sent) expect(one.headers.get("user-agent")).toContain("Latchkey/");
    for (const one of sent.filter((one) => one.body)) expect(one.headers.get("content-type")).toBe("application/json");
    expect(Object.keys(lastBody("token/create")).sort()).toEqual(["client_id", "client_secret", "code", "grant_type"]);
  });

  test("the intermediate token's end is told from its duration; a session's end only from its cookies (S-28)", async () => {
    const issued = await provider().exchange(answerOf(await approved()), io);
    expect(issued.renewableUntil).toEqual(new Date(at.now.value.getTime() + 3_600_000));
    const key = grantOf(await provider().refresh(grantOf(issued), io));
    expect((await provider().refresh(key, io)).expiresAt).toBeNull();
    at.simulator.switches.sessionMaxAgeS = 1320;
    expect((await provider().refresh(key, io)).expiresAt).toEqual(new Date(at.now.value.getTime() + 1_320_000));
  });

  test("a refusal that brings neither code nor error, and one that says so", async () => {
    const url = await provider().authorizationUrl(consent, io);
    expect(provider().readAnswer(await approveAt(at.simulator, url, undefined, "deny"))).toEqual({ kind: "nothing" });
    at.simulator.switches.denyWithError = true;
    expect(provider().readAnswer(await approveAt(at.simulator, url, undefined, "deny"))).toEqual({ kind: "error", outcome: "denied" });
    expect(provider().readAnswer(await approveAt(at.simulator, url))).toEqual({ kind: "code" });
  });

  test("a deeply nested credential is found; its own project may be the integrator's", async () => {
    at.simulator.switches.nestedResult = true;
    const grant = await connected("PRJ410003");
    expect(JSON.parse(grant.renewal ?? "")).toMatchObject({ projectCode: "PRJ410003", keyProjectCode: "PRJ900001", mixed: false });
  });
});

describe("the integrator's session (X-17)", () => {
  test("one login serves all flows", async () => {
    await created();
    await created();
    expect(at.simulator.ledger.count("login")).toBe(1);
  });

  test.each([
    ["rpcStatus", false, 401],
    ["a page", true, 401],
    ["a page with 200", true, 200],
  ])("a session that ended before the code was used does not burn the code: %s", async (_, page, status) => {
    const query = await approved();
    at.simulator.endSessions();
    Object.assign(at.simulator.switches, { htmlWhenSignedOut: page, htmlStatus: status });
    const first = grantOf(await provider().exchange(answerOf(query), io));
    at.simulator.endSessions();
    expect((await provider().refresh(first, io)).renewal).toContain('"step":"key"');
    expect(at.simulator.ledger.count("login")).toBe(3);
  });

  test("a 401 under a live session is about the token and is not repeated", async () => {
    const first = await created();
    at.now.value = new Date(at.now.value.getTime() + 3_601_000);
    expect(await trouble(provider().refresh(first, io))).toBe("reconnect token_refused");
    expect(at.simulator.ledger.count("token/exchange")).toBe(1);
  });

  test("a page in front of everything proves nothing about the code: doubt (X-06)", async () => {
    const query = await approved();
    faults.push({ kind: "html" });
    expect(await trouble(provider().exchange(answerOf(query), io))).toBe("doubt bad_answer");
  });

  test("one re-login, never a loop", async () => {
    const query = await approved();
    faults.push({ ...rpc(401, "UNAUTHENTICATED"), match: "token/create" }, { ...rpc(401, "UNAUTHENTICATED"), match: "whoami" });
    expect(await trouble(provider().exchange(answerOf(query), io))).toBe("operator session_refused");
    expect(sent.filter((one) => one.path.includes("token/create"))).toHaveLength(2);
    expect(at.simulator.ledger.count("login")).toBe(2);
  });
});

describe("refusals", () => {
  test("a used code is the person's matter, a rotated client secret the operator's (X-23)", async () => {
    const query = await approved();
    await provider().exchange(answerOf(query), io);
    expect(await trouble(provider().exchange(answerOf(query), io))).toBe("declined code_refused");
    at.simulator.rotateClientSecret();
    expect(await trouble(provider().exchange(answerOf(await approved()), io))).toBe("operator invalid_client");
  });

  test("the intermediate token is exchanged once; a second try is refused by the platform and ends in reconnect (X-16)", async () => {
    const first = await created();
    faults.push({ kind: "reset-after-issuing", match: "token/exchange", calls: 1 });
    expect(await trouble(provider().refresh(first, io))).toBe("doubt no_whole_answer");
    expect(await trouble(provider().refresh(first, io))).toBe("reconnect token_refused");
    expect(Object.values(at.simulator.state.accounts)).toHaveLength(2);
  });

  test.each([
    ["FAILED_PRECONDITION", "reconnect workflow_failed"],
    ["PERMISSION_DENIED", "reconnect workflow_failed"],
    ["UNAVAILABLE", "doubt workflow_unsettled"],
  ])("200 with a failed status %s is no success: %s", async (status, expected) => {
    const first = await created();
    at.simulator.switches.failedStatus = status;
    expect(await trouble(provider().refresh(first, io))).toBe(expected);
  });

  test("a success without a key leaves the outcome in doubt", async () => {
    const first = await created();
    at.simulator.switches.omitResult = true;
    expect(await trouble(provider().refresh(first, io))).toBe("doubt no_key_in_answer");
  });

  test("another flow's answer is stored, told and never used (X-22)", async () => {
    const first = await created("PRJ410001");
    const swapped = {
      status: { status_code: "OK" },
      project_code: "PRJ410002",
      result: { key_id: "k", private_key: "p", project_code: "PRJ900001" },
    };
    faults.push({ kind: "body", match: "token/exchange", body: JSON.stringify(swapped) });
    const issued = await provider().refresh(first, io);
    expect(issued.renewal).toContain('"privateKey":"p"');
    expect(await trouble(provider().refresh(grantOf(issued), io))).toBe("operator mixed_answer");
    // Its removal could end the other flow's connection.
    expect(await provider().revoke(grantOf(issued), io, "authorization")).toBe("local");
    expect(at.simulator.ledger.count("credential/remove")).toBe(0);
  });

  const hostile = [
    "",
    "<html>",
    "[]",
    "null",
    '"x"',
    "{",
    '{"a":',
    "\uFEFF",
    "undefined",
    "{}",
    '{"status":null}',
    '{"access_token":""}',
    '{"access_token":7}',
  ];
  test.each([...hostile, '{"access_token":"t","token_type":"mac"}', `{"result":${"[".repeat(9000)}${"]".repeat(9000)}}`])(
    "X-06, X-07, S-32: 200 with %j on a spending call is doubt",
    async (body) => {
      const query = await approved();
      const first = await created();
      faults.push({ kind: "body", match: "token/", body });
      expect(await trouble(provider().exchange(answerOf(query), io))).toBe("doubt bad_answer");
      expect(await trouble(provider().refresh(first, io))).toMatch(/^doubt (bad_answer|no_key_in_answer)$/);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test.each([
    [{ kind: "status", status: 500 }, "doubt http_500", "doubt http_500", "transient http_500"],
    [{ kind: "status", status: 503, headers: { "retry-after": "30" } }, "doubt http_503", "doubt http_503", "transient http_503"],
    [{ kind: "status", status: 429 }, "transient rate_limited", "transient rate_limited", "transient rate_limited"],
    [{ kind: "unreachable" }, "transient unreachable", "transient unreachable", "transient unreachable"],
    [
      { kind: "status", status: 307, headers: { location: "https://trap.test" } },
      "doubt bad_answer",
      "doubt bad_answer",
      "transient bad_answer",
    ],
    [rpc(400, "INVALID_ARGUMENT", "code expired"), "declined code_refused", "reconnect token_refused", "reconnect key_refused"],
    [rpc(401, "UNAUTHENTICATED", "unknown client_secret"), "operator invalid_client", "reconnect token_refused", "reconnect key_refused"],
    [rpc(403, "PERMISSION_DENIED"), "operator forbidden", "operator forbidden", "reconnect key_refused"],
    [{ kind: "body", body: "<html>", status: 403 }, "doubt bad_answer", "doubt bad_answer", "transient bad_answer"],
    [{ kind: "body", body: "{}", status: 404 }, "declined code_refused", "reconnect token_refused", "transient bad_answer"],
  ] as [Fault, string, string, string][])("%j on create, exchange, login", async (fault, onCreate, onExchange, onLogin) => {
    const query = await approved();
    const first = await created();
    const key = await keyed();
    faults.push({ ...fault, match: "token/" }, { ...fault, match: "login" });
    expect(await trouble(provider().exchange(answerOf(query), io))).toBe(onCreate);
    expect(await trouble(provider().refresh(first, io))).toBe(onExchange);
    expect(await trouble(provider().refresh(key, io))).toBe(onLogin);
  });

  test("a login that opens no session is no login", async () => {
    const key = await keyed();
    faults.push({ kind: "body", match: "login", body: "{}" });
    expect(await trouble(provider().refresh(key, io))).toBe("transient no_session");
  });

  test("inspect: a dead session asks for a new login, a removed key for the owner", async () => {
    const grant = await connected();
    at.simulator.endSessions();
    expect(await trouble(provider().inspect(grant, io))).toBe("transient session_ended");
    expect(await provider().inspect(grantOf(await provider().refresh(grant, io)), io)).toMatchObject({ id: "PRJ410001" });
    await at.revokeAtPlatform("PRJ410001");
    expect(await trouble(provider().inspect(grant, io))).toBe("transient session_ended");
    expect(await trouble(provider().refresh(grant, io))).toBe("reconnect key_refused");
  });
});

describe("disconnecting", () => {
  const keys = (project: string) =>
    Object.values(at.simulator.state.accounts)
      .filter((account) => account.seller === project)
      .flatMap((account) => Object.values(account.keys));

  test("removes this key and no other", async () => {
    const mine = await connected("PRJ410001");
    const sibling = await connected("PRJ410001");
    expect(await provider().revoke(mine, io, "authorization")).toBe("remote");
    expect(lastBody("credential/remove")).toEqual({
      channel_identifier: JSON.parse(mine.renewal ?? "").channelIdentifier,
      key_id: JSON.parse(mine.renewal ?? "").keyId,
    });
    expect(keys("PRJ410001").map((key) => key.active)).toEqual([false, true]);
    await provider().inspect(sibling, io);
  });

  test("a repeated removal, and one at the platform before ours, are done (V-03, V-04)", async () => {
    const grant = await connected();
    faults.push({ kind: "reset-after-issuing", match: "credential/remove", calls: 1 });
    expect(await trouble(provider().revoke(grant, io, "authorization"))).toBe("doubt no_whole_answer");
    expect(await provider().revoke(grant, io, "authorization")).toBe("remote");
  });

  test("a refused removal, and a connection that never had a key, leave the rest to a person (V-07)", async () => {
    expect(await provider().revoke(await created(), io, "authorization")).toBe("local");
    const grant = await connected();
    at.simulator.switches.removeRefused = true;
    expect(await provider().revoke(grant, io, "authorization")).toBe("local");
    expect(keys("PRJ410001").some((key) => key.active)).toBe(true);
  });

  test("a refused key whose account nobody can name is left to a person", async () => {
    const grant = await connected();
    const renewal = JSON.stringify({ ...JSON.parse(grant.renewal ?? ""), channelIdentifier: null });
    faults.push({ ...rpc(403, "PERMISSION_DENIED"), match: "whoami" });
    expect(await provider().revoke({ ...grant, renewal }, io, "authorization")).toBe("local");
  });

  test("a dead key whose account only the integrator can still ask about", async () => {
    const grant = await connected();
    faults.push({ ...rpc(401, "UNAUTHENTICATED"), match: "login", calls: 1 });
    expect(await provider().revoke(grant, io, "authorization")).toBe("remote");
    expect(keys("PRJ410001")[0]?.active).toBe(false);
  });

  test.each([
    ["{}", "transient not_confirmed"],
    ['{"success":false}', "transient not_confirmed"],
    ["<html>", "transient not_confirmed"],
  ])("an unclear answer %s is not a removal", async (body, expected) => {
    const grant = await connected();
    faults.push({ kind: "body", match: "credential/remove", body });
    expect(await trouble(provider().revoke(grant, io, "authorization"))).toBe(expected);
  });
});

describe("import by an admin", () => {
  const fileOf = (grant: Grant) => {
    const { keyId, privateKey, keyProjectCode, channelIdentifier } = JSON.parse(grant.renewal ?? "") as Record<string, string>;
    return JSON.stringify({
      type: "apijwt",
      key_id: keyId,
      private_key: privateKey,
      project_code: keyProjectCode,
      channel_identifier: channelIdentifier,
    });
  };

  test("a key file connects, removes itself without a channel name too", async () => {
    const file = JSON.parse(fileOf(await keyed("PRJ410002"))) as Record<string, string>;
    delete file.channel_identifier;
    // Copied through an environment variable, the line ends became two characters.
    file.private_key = (file.private_key ?? "").replaceAll("\n", "\\n");
    const issued = await provider().adopt.issue({ key_file: JSON.stringify(file), project_code: "PRJ410002" }, io);
    const grant = grantOf(await provider().refresh(grantOf(issued), io));
    expect(await provider().inspect(grant, io)).toMatchObject({ id: "PRJ410002" });
    expect(await provider().revoke(grant, io, "authorization")).toBe("remote");
    expect(lastBody("credential/remove")).toMatchObject({ user_code: expect.any(String), key_id: file.key_id });
  });

  test.each([
    ["{", { key_file: "not_a_key_file" }],
    ["{}", { key_file: "not_a_key_file" }],
    ['{"key_id":"a","private_key":"b"}', { project_code: "project_missing" }],
  ])("%s is refused at its field", async (key_file, fields) => {
    await expect(provider().adopt.issue({ key_file }, io)).rejects.toMatchObject({ trouble: "declined", detail: { fields } });
  });

  test("our own key never becomes a merchant's, because disconnecting would remove it", async () => {
    const { keyId, privateKey, projectCode } = at.simulator.settings;
    const key_file = JSON.stringify({ key_id: keyId, private_key: privateKey, project_code: projectCode });
    await expect(provider().adopt.issue({ key_file }, io)).rejects.toMatchObject({ detail: { fields: { key_file: "own_key" } } });
  });

  test.each([
    "not a PEM",
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ])("a key that cannot sign RS256 needs the owner", async (privateKey) => {
    const issued = await provider().adopt.issue(
      { key_file: JSON.stringify({ key_id: "a", private_key: privateKey, project_code: "PRJ1" }) },
      io,
    );
    expect(await trouble(provider().refresh(grantOf(issued), io))).toBe("reconnect key_unusable");
  });
});

describe("wire shapes", () => {
  test.each([
    [3600, 3600],
    ["3600", 3600],
    ["3600s", 3600],
    ["1.5s", 1],
    ["0s", null],
    ["-5s", null],
    ["1e9s", null],
    ["s", null],
    [null, null],
    [[], null],
    ["999999999999s", null],
    [Number.NaN, null],
  ])("X-08: the duration %j is %j seconds", (value, seconds) => {
    expect(protobufDurationS(value)).toBe(seconds);
  });

  const now = new Date("2026-11-21T09:00:00Z");
  test.each([
    [["a=1; Path=/; HttpOnly", "b=2=3; Secure"], { cookie: "a=1; b=2=3", expiresAt: null }],
    [["a=1; Max-Age=60", "b=2; max-age=30"], { cookie: "a=1; b=2", expiresAt: new Date("2026-11-21T09:00:30Z") }],
    [["a=1; Expires=Sat, 21 Nov 2026 10:00:00 GMT"], { cookie: "a=1", expiresAt: new Date("2026-11-21T10:00:00Z") }],
    [["a=1; Max-Age=60; Expires=Sat, 21 Nov 2026 10:00:00 GMT"], { cookie: "a=1", expiresAt: new Date("2026-11-21T09:01:00Z") }],
    [["a=1", "old=2; Max-Age=0", "gone=; Path=/", "a=9"], { cookie: "a=9", expiresAt: null }],
    [["a=1; Max-Age=soon; Expires=never"], { cookie: "a=1", expiresAt: null }],
    [["; Path=/", "=x"], null],
    [[], null],
  ])("cookies %j", (lines, expected) => {
    const response = new Response("{}");
    for (const line of lines) response.headers.append("set-cookie", line);
    expect(sessionCookies(response, now)).toEqual(expected);
  });

  test("the provider uses nothing but its io", async () => {
    const silent: Io = { ...io, fetch: () => Promise.reject(new ProviderError("transient", "unreachable")) };
    expect(await trouble(noon(at.simulator.settings).authorizationUrl(consent, silent))).toBe("transient unreachable");
    expect(at.simulator.ledger.calls).toEqual([]);
  });
});
