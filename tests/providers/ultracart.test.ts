import { describe, expect, it } from "vitest";
import type { Grant, Io, Issued, RedirectProvider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { type UltracartSettings, ultracart } from "@/lib/providers/ultracart";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { world } from "./worlds/ultracart";

const STATE = "CNRY-state-0123456789abcdefghijklmnop";

function set(changed: Partial<UltracartSettings> = {}) {
  const all = world();
  const requests: Request[] = [];
  const faults: Fault[] = [];
  const handle = withFaults(all.simulator, faults);
  const io = testIo(
    (request) => {
      requests.push(request.clone());
      return handle(request);
    },
    () => all.now.value,
  );
  const origin = "http://127.0.0.1:4103/rest/v2";
  const settings = {
    clientId: all.simulator.clientId,
    clientSecret: all.simulator.state.secret,
    scopes: ["item_read", "order_read"],
    sendScope: false,
    sendRedirectUri: true,
    apiUrl: origin,
    authorizeUrl: `${origin}/oauth/authorize`,
    ...changed,
  };
  return {
    ...all,
    provider: ultracart(settings),
    io,
    requests,
    faults,
    later: (s: number) => (all.now.value = new Date(+all.now.value + s * 1000)),
  };
}

type Set = ReturnType<typeof set>;

async function answered(all: Set, store?: string): Promise<URLSearchParams> {
  const consent = { state: STATE, redirectUri: all.redirectUri, challenge: null, locale: "en" };
  return all.approve(await all.provider.authorizationUrl(consent, all.io), store);
}

function redeem(all: Set, query: URLSearchParams): Promise<Issued> {
  return all.provider.exchange({ query, state: STATE, redirectUri: all.redirectUri, verifier: null }, all.io);
}

function grant(issued: Issued, accountId: string | null = null): Grant {
  return { access: issued.access, renewal: issued.renewal, scopes: issued.scopes ?? [], expiresAt: issued.expiresAt, accountId };
}

async function connect(all: Set, store?: string): Promise<Grant> {
  return grant(await redeem(all, await answered(all, store)));
}

async function trouble(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(JSON.stringify([(error as Error).message, (error as ProviderError).detail])).not.toContain("CNRY");
  return error as ProviderError;
}

async function form(request: Request | undefined): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await request?.text()));
}

function refreshing(provider: RedirectProvider, held: Grant, io: Io): Promise<Grant> {
  return provider.refresh(held, io).then((issued) => grant(issued));
}

describe("the way to the consent page and back", () => {
  it("state always, redirect_uri and scope by setting", async () => {
    const consent = { state: STATE, redirectUri: "https://hub.example/cb", challenge: null, locale: "ar" };
    const names = async (changed: Partial<UltracartSettings>) =>
      [...new URL(await set(changed).provider.authorizationUrl(consent, set().io)).searchParams.entries()].sort();
    const always = [
      ["client_id", "simulated-ultracart-app"],
      ["response_type", "code"],
      ["state", STATE],
    ];
    expect(await names({ sendRedirectUri: false })).toEqual(always);
    expect(await names({ sendScope: true })).toEqual([
      always[0],
      ["redirect_uri", "https://hub.example/cb"],
      always[1],
      ["scope", "item_read order_read"],
      always[2],
    ]);
  });

  it("an application whose profile fixes both is reached by leaving both out, and the token call still names the redirect", async () => {
    const fixed = set({ sendRedirectUri: false });
    fixed.simulator.switches.presetProfile = true;
    expect((await connect(fixed)).access).toContain("CNRY");
    expect(await form(fixed.requests[0])).toMatchObject({ redirect_uri: fixed.redirectUri });
    const other = set();
    other.simulator.switches.presetProfile = true;
    await expect(answered(other)).rejects.toThrow("400");
  });

  it("C-02 C-04 denied, and an expired link, are told apart", async () => {
    const all = set();
    const consent = { state: STATE, redirectUri: all.redirectUri, challenge: null, locale: "en" };
    const url = await all.provider.authorizationUrl(consent, all.io);
    expect(all.provider.readAnswer(await all.decide(url, "deny"))).toEqual({ kind: "error", outcome: "denied" });
    all.simulator.switches.expireLinks = true;
    expect(all.provider.readAnswer(await all.decide(url, "approve"))).toEqual({ kind: "error", outcome: "timed_out" });
    expect(all.requests).toEqual([]);
  });

  it.each([
    ["error=server_error", "refused"],
    ["error=temporarily_unavailable", "unreachable"],
    ["error=invalid_scope", "our_fault"],
    ["error=access_denied&code=x", "denied"],
  ])("C-03 %s", (query, outcome) => {
    expect(set().provider.readAnswer(new URLSearchParams(query))).toEqual({ kind: "error", outcome });
  });

  it("C-14 neither code nor error is nothing", () => {
    expect(set().provider.readAnswer(new URLSearchParams("state=x&code="))).toEqual({ kind: "nothing" });
    expect(set().provider.readAnswer(new URLSearchParams("state=x&code=y"))).toEqual({ kind: "code" });
  });
});

describe("the exchange", () => {
  it("posts one form with the version, the secret in it and no Basic", async () => {
    const all = set();
    const query = await answered(all);
    const issued = await redeem(all, query);
    const [request] = all.requests;
    expect(request?.url).toBe("http://127.0.0.1:4103/rest/v2/oauth/token");
    expect(request?.headers.get("x-ultracart-api-version")).toBe("2017-03-01");
    expect(request?.headers.has("authorization")).toBe(false);
    expect(await form(request)).toEqual({
      client_id: "simulated-ultracart-app",
      client_secret: all.simulator.state.secret,
      grant_type: "authorization_code",
      code: query.get("code"),
      redirect_uri: all.redirectUri,
    });
    expect(issued.scopes).toEqual(["item_read", "order_read"]);
    expect(issued.expiresAt).toEqual(new Date(+all.now.value + 3_600_000));
    expect(all.provider.headers(grant(issued))).toEqual({
      Authorization: `Bearer ${issued.access}`,
      "X-UltraCart-Api-Version": "2017-03-01",
    });
  });

  it("sends no secret where none is configured", async () => {
    const all = set({ clientSecret: null });
    all.simulator.state.secret = null;
    await connect(all);
    expect(await form(all.requests[0])).not.toHaveProperty("client_secret");
  });

  it.each([
    ["600", 600],
    ["31536000", 31_536_000],
  ])("X-08 expires_in is the text %j", async (text, seconds) => {
    const all = set();
    all.simulator.switches.expiresIn = text;
    expect((await connect(all)).expiresAt).toEqual(new Date(+all.now.value + seconds * 1000));
  });

  it.each(["omit", "0", "-5", "abc", "1e9", "3600s", "999999999999999999999"])(
    "X-08 expires_in %s is unknown and the tokens are kept",
    async (text) => {
      const all = set();
      all.simulator.switches.expiresIn = text;
      const held = await connect(all);
      expect([held.expiresAt, held.access?.slice(0, 5), all.provider.spendsOnce(held)]).toEqual([null, "CNRY-", true]);
    },
  );

  it("X-09 without a refresh token there is nothing to renew with", async () => {
    const all = set();
    all.simulator.switches.omitRefresh = true;
    const held = await connect(all);
    expect([held.renewal, all.provider.spendsOnce(held), all.provider.policy(false).kind]).toEqual([null, false, "none"]);
    expect(await trouble(all.provider.refresh(held, all.io))).toMatchObject({ trouble: "reconnect", code: "no_refresh_token" });
  });

  it.each(["envelope", "oauth"])(
    "a used code is refused, in the form '%s', and no text for developers is passed on",
    async (tokenErrors) => {
      const all = set();
      all.simulator.switches.tokenErrors = tokenErrors;
      const query = await answered(all);
      await redeem(all, query);
      const error = await trouble(redeem(all, query));
      expect([error.trouble, error.code]).toEqual(["declined", "code_refused"]);
      expect(error.detail.customerText).toBe(
        tokenErrors === "envelope" ? "UltraCart says: the authorization code is not valid" : undefined,
      );
    },
  );

  it.each(["envelope", "oauth"])("X-23 R-11 a secret that was changed is ours to mend, in the form '%s'", async (tokenErrors) => {
    const all = set();
    all.simulator.switches.tokenErrors = tokenErrors;
    const held = await connect(all);
    all.simulator.rotateClientSecret();
    const query = await answered(all);
    expect(await trouble(redeem(all, query))).toMatchObject({ trouble: "operator", code: "invalid_client" });
    expect(await trouble(all.provider.refresh(held, all.io))).toMatchObject({ trouble: "operator", code: "invalid_client" });
    expect(await trouble(all.provider.revoke(held, all.io, "authorization"))).toMatchObject({ trouble: "operator" });
  });

  it("another redirect than the registered one is ours to mend", async () => {
    const all = set();
    const query = await answered(all);
    const sent = all.provider.exchange({ query, state: STATE, redirectUri: "", verifier: null }, all.io);
    expect(await trouble(sent)).toMatchObject({ trouble: "operator", code: "redirect_uri_mismatch" });
  });
});

const body = (text: string, status = 200, headers?: Record<string, string>): Fault => ({
  match: "/oauth/token",
  kind: "body",
  body: text,
  status,
  headers,
});
const envelope = (status: number, words: string) =>
  body(JSON.stringify({ error: { developer_message: words, user_message: "Hello\u0000 <b>you</b>\u202E" }, metadata: {} }), status);
const tokens = '"access_token":"CNRY-a","refresh_token":"CNRY-r","token_type":"bearer"';

/** fault → what it means on an exchange, on a refresh, and the code of each */
const TABLE: [string, Fault, string, string, string, string][] = [
  ["X-02 429", { kind: "status", status: 429, headers: { "retry-after": "9" } }, "transient", "rate_limited", "transient", "rate_limited"],
  ["X-03 500", { kind: "status", status: 500, headers: { "uc-rest-error": "generic" } }, "doubt", "http_500", "doubt", "http_500"],
  ["408", { kind: "status", status: 408 }, "doubt", "http_408", "doubt", "http_408"],
  ["410", { kind: "status", status: 410 }, "operator", "app_disabled", "operator", "app_disabled"],
  ["X-01 nothing sent", { kind: "unreachable" }, "transient", "unreachable", "transient", "unreachable"],
  ["X-04 R-09 the answer was lost", { kind: "reset-after-issuing" }, "doubt", "no_whole_answer", "doubt", "no_whole_answer"],
  ["X-06 S-97 HTML", { kind: "html" }, "doubt", "bad_answer", "doubt", "bad_answer"],
  ["X-06 empty", body(""), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["X-07 null", body("null"), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["X-07 an array", body(`[{${tokens}}]`), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["X-05 half a JSON", body(`{${tokens}`), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["S-26 no token", body("{}"), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["S-26 another token type", body('{"access_token":"CNRY-a","token_type":"mac"}'), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["a token that is no text", body('{"access_token":{"a":1},"token_type":"bearer"}'), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["a token with a line end", body('{"access_token":"CNRY-a\\n","token_type":"bearer"}'), "doubt", "bad_answer", "doubt", "bad_answer"],
  [
    "S-92 a redirect",
    { kind: "status", status: 307, headers: { location: "https://evil.example" } },
    "doubt",
    "bad_answer",
    "doubt",
    "bad_answer",
  ],
  ["tokens with 400", body(`{${tokens}}`, 400), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["a firewall's 403", body("<html>blocked", 403), "doubt", "bad_answer", "doubt", "bad_answer"],
  ["X-10 an error beside tokens", body(`{${tokens},"error":"invalid_grant"}`), "declined", "code_refused", "reconnect", "refresh_refused"],
  ["200 invalid_client", body('{"error":"invalid_client"}'), "operator", "invalid_client", "operator", "invalid_client"],
  [
    "200 unauthorized_client",
    body('{"error":"unauthorized_client"}'),
    "operator",
    "unauthorized_client",
    "operator",
    "unauthorized_client",
  ],
  ["200 server_error", body('{"error":"server_error"}'), "doubt", "server_error", "transient", "server_error"],
  ["200 an unknown word", body('{"error":"moon_phase"}'), "declined", "code_refused", "transient", "refused_unclearly"],
  ["400 envelope", envelope(400, "The token has ended"), "declined", "code_refused", "reconnect", "refresh_refused"],
  ["400 envelope about client_id", envelope(400, "Unknown client_id"), "operator", "invalid_client", "operator", "invalid_client"],
  ["200 envelope that tells 500", body('{"error":{"error_code":"500"}}'), "doubt", "http_500", "doubt", "http_500"],
  ["200 envelope that tells 410", body('{"error":{"error_code":"410"}}'), "operator", "app_disabled", "operator", "app_disabled"],
  [
    "400 with the header alone",
    body("oops", 400, { "uc-rest-error": "bad client id" }),
    "operator",
    "invalid_client",
    "operator",
    "invalid_client",
  ],
  ["success: false", body('{"success":false}', 400), "declined", "code_refused", "reconnect", "refresh_refused"],
];

describe("what a token answer means", () => {
  it.each(TABLE)("%s", async (_name, fault, exchanged, exchangeCode, refreshed, refreshCode) => {
    const all = set();
    const held = await connect(all);
    const query = await answered(all);
    all.faults.push(fault);
    const first = await trouble(redeem(all, query));
    expect([first.trouble, first.code]).toEqual([exchanged, exchangeCode]);
    const second = await trouble(all.provider.refresh(held, all.io));
    expect([second.trouble, second.code]).toEqual([refreshed, refreshCode]);
    if (first.code === "rate_limited") expect(first.detail.retryAfterS).toBe(9);
  });

  it("the words for customers are cleaned", async () => {
    const all = set();
    const query = await answered(all);
    all.faults.push(envelope(400, "x"));
    expect((await trouble(redeem(all, query))).detail.customerText).toBe("Hello <b>you</b>");
  });
});

describe("renewing", () => {
  it("S-29 R-03 keeps the old refresh token when none comes, twice", async () => {
    const all = set();
    all.simulator.switches.rotation = false;
    const held = await connect(all);
    const second = await refreshing(all.provider, held, all.io);
    const third = await refreshing(all.provider, second, all.io);
    expect([second.renewal, third.renewal]).toEqual([held.renewal, held.renewal]);
    expect(new Set([held.access, second.access, third.access]).size).toBe(3);
    expect(await form(all.requests[1])).toEqual({
      client_id: "simulated-ultracart-app",
      client_secret: all.simulator.state.secret,
      grant_type: "refresh_token",
      refresh_token: JSON.parse(held.renewal ?? "").refresh_token,
    });
  });

  it("S-29 takes a new one, and the old one is spent", async () => {
    const all = set();
    const held = await connect(all);
    const second = await refreshing(all.provider, held, all.io);
    expect(second.renewal).not.toBe(held.renewal);
    expect((await refreshing(all.provider, second, all.io)).access).toBeTruthy();
    expect(await trouble(all.provider.refresh(held, all.io))).toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
  });

  it("never overlaps: the platform refuses the second of two calls at once", async () => {
    const all = set();
    const [one, two] = [await connect(all), await connect(all, "JEDDA")];
    const results = await Promise.allSettled([all.provider.refresh(one, all.io), all.provider.refresh(two, all.io)]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    expect(refused?.reason).toMatchObject({ trouble: "transient", code: "rate_limited" });
    expect(all.provider.pace).toEqual({ serial: true, calls: 1000, perS: 3600, burst: 0 });
  });

  it("a full bucket is told as such", async () => {
    const all = set();
    const held = await connect(all);
    all.simulator.switches.hourly = 1;
    expect(await trouble(all.provider.refresh(held, all.io))).toMatchObject({ trouble: "transient", code: "rate_limited" });
  });

  it("a broken renewal is never quoted", async () => {
    const all = set();
    const held = { ...(await connect(all)), renewal: '{"v":1,"refresh_token":"CNRY-' };
    expect((await trouble(all.provider.refresh(held, all.io))).message).toBe("reconnect: no_refresh_token");
  });
});

describe("the proof", () => {
  const calls: [string[], string][] = [
    [["order_read", "item_read"], "/item/items?_limit=1"],
    [["order_read"], "/order/orders?_limit=1"],
    [["customer_read", "order_read"], "/customer/customers?_limit=1"],
    [["webhook_read"], "/webhook/webhooks?_limit=1"],
  ];
  it.each(calls)("%j is proved by %s", async (scopes, path) => {
    const all = set({ scopes, sendScope: true });
    const held = await connect(all, "JEDDA");
    all.requests.length = 0;
    expect(await all.provider.inspect(held, all.io)).toEqual({ id: "JEDDA", label: "JEDDA" });
    expect(all.requests.map((request) => request.url)).toEqual([`http://127.0.0.1:4103/rest/v2${path}`]);
    expect(all.requests[0]?.headers.get("authorization")).toBe(`Bearer ${held.access}`);
  });

  it.each([
    ["coupon_read", "/coupon/coupons?_limit=1"],
    ["tax_read", "/tax/providers"],
    ["auto_order_read", "/auto_order/auto_orders?_limit=1"],
    ["user_read", "/user/groups"],
    ["fulfillment_read", "/fulfillment/distribution_centers"],
    ["channel_partner_read", "/channel_partner/channel_partners"],
    ["workflow_read", "/workflow/me"],
  ])("S-30 %s shows nobody's id, so that the storefront is asked, once", async (scope, path) => {
    const all = set({ scopes: [scope], sendScope: true });
    const held = await connect(all, "AMAL1");
    all.requests.length = 0;
    expect(await all.provider.inspect(held, all.io)).toEqual({ id: "AMAL1", label: "amal1.example" });
    expect(all.requests.map((request) => request.url.split("/rest/v2")[1])).toEqual([path, "/storefront"]);
    all.requests.length = 0;
    expect(await all.provider.inspect({ ...held, accountId: "AMAL1" }, all.io)).toEqual({ id: null, label: null });
    expect(all.requests.length).toBe(1);
  });

  it("permissions that were not told are taken from the settings, unknown ones go to the storefront", async () => {
    const all = set({ scopes: ["order_read"] });
    all.simulator.switches.omitScope = true;
    const held = await connect(all);
    all.requests.length = 0;
    await all.provider.inspect(held, all.io);
    await all.provider.inspect({ ...held, scopes: ["item_write"] }, all.io);
    expect(all.requests.map((request) => request.url.split("/rest/v2")[1])).toEqual(["/order/orders?_limit=1", "/storefront"]);
  });

  it("S-30 a shop without goods is known by its storefront, or goes without an id", async () => {
    const all = set();
    all.simulator.switches.emptyShop = true;
    const held = await connect(all);
    expect(await all.provider.inspect(held, all.io)).toEqual({ id: "RIYAD", label: "riyad.example" });
    for (const status of [403, 404, 500]) {
      all.simulator.switches.storefront = status;
      expect(await all.provider.inspect(held, all.io)).toEqual({ id: null, label: null });
    }
    all.simulator.switches.storefront = 429;
    expect(await trouble(all.provider.inspect(held, all.io))).toMatchObject({ code: "rate_limited" });
  });

  it.each([400, 403])("a permission that is missing (%i) is refused to living access only", async (ungranted) => {
    const all = set({ scopes: ["item_read"] });
    all.simulator.switches.ungranted = ungranted;
    const held = { ...(await connect(all)), scopes: ["customer_read"] };
    expect(await all.provider.inspect(held, all.io)).toEqual({ id: "RIYAD", label: "RIYAD" });
  });

  it("a merchant's own revoke is noticed, and what has run out is not taken for it", async () => {
    const all = set();
    const held = await connect(all);
    all.simulator.revokeAtPlatform("RIYAD");
    const error = await trouble(all.provider.inspect(held, all.io));
    expect([error.trouble, error.code, error.detail.customerText]).toEqual([
      "reconnect",
      "access_refused",
      "UltraCart says: the access token is not valid",
    ]);
    expect(await trouble(all.provider.inspect({ ...held, expiresAt: null }, all.io))).toMatchObject({
      trouble: "transient",
      code: "access_stale",
    });
    expect(await trouble(all.provider.inspect({ ...held, expiresAt: null, renewal: null }, all.io))).toMatchObject({
      trouble: "reconnect",
    });
    expect(await trouble(all.provider.refresh(held, all.io))).toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
  });

  const answers: [string, Fault, string, string][] = [
    ["410", { kind: "status", status: 410 }, "operator", "app_disabled"],
    ["429", { kind: "status", status: 429 }, "transient", "rate_limited"],
    ["500", { kind: "status", status: 500 }, "transient", "http_500"],
    ["S-97 a Wi-Fi page", { kind: "html" }, "transient", "bad_answer"],
    ["a firewall's 403", { kind: "status", status: 403, body: "<html>" }, "transient", "bad_answer"],
    ["404", { kind: "status", status: 404 }, "transient", "bad_answer"],
    ["a lost answer", { kind: "reset-after-issuing" }, "transient", "no_whole_answer"],
    ["a bare 401", { kind: "status", status: 401 }, "reconnect", "access_refused"],
    ["200 that tells 401", { kind: "body", body: '{"success":false,"error":{"error_code":"401"}}' }, "reconnect", "access_refused"],
  ];
  it.each(answers)("%s", async (_name, fault, expected, code) => {
    const all = set();
    const held = await connect(all);
    all.faults.push(fault);
    expect(await trouble(all.provider.inspect(held, all.io))).toMatchObject({ trouble: expected, code });
  });

  it("X-11 S-31 S-32 hostile objects: names are cleaned, two merchants are none, nothing is polluted", async () => {
    const all = set();
    const held = { ...(await connect(all)), accountId: "known" };
    const asked = async (text: string) => {
      all.faults.splice(0, 1, { kind: "body", body: text });
      return all.provider.inspect(held, all.io);
    };
    expect(await asked('{"items":[{"merchant_id":"A\\u0000B\\ud800"}]}')).toEqual({ id: "A B", label: "A B" });
    expect(await asked('{"items":[{"merchant_id":"A"},{"merchant_id":"B"}]}')).toEqual({ id: null, label: null });
    expect(await asked('{"__proto__":{"merchant_id":"A"},"items":[null,1,"x",{"merchant_id":7}]}')).toEqual({ id: null, label: null });
    expect("merchant_id" in {}).toBe(false);
  });
});

describe("revoking", () => {
  it("needs the platform's word, with the access token in a form", async () => {
    const all = set();
    const held = await connect(all);
    all.requests.length = 0;
    expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
    expect(await form(all.requests[0])).toEqual({
      client_id: "simulated-ultracart-app",
      client_secret: all.simulator.state.secret,
      token: held.access,
    });
    expect(all.simulator.state.grants.some((one) => one.alive)).toBe(false);
  });

  it("V-03 successful:false about living access is not confirmed", async () => {
    const all = set();
    all.simulator.switches.revokeFails = true;
    const held = await connect(all);
    expect(await trouble(all.provider.revoke(held, all.io, "authorization"))).toMatchObject({
      trouble: "transient",
      code: "not_confirmed",
    });
    expect(await all.provider.inspect(held, all.io)).toMatchObject({ id: "RIYAD" });
    expect(all.simulator.ledger.count("token")).toBe(1);
  });

  it("V-04 an answer that was lost is made good by the next try, though a second revoke is refused", async () => {
    const all = set();
    const held = await connect(all);
    all.faults.push({ kind: "reset-after-issuing", calls: 1 });
    expect(await trouble(all.provider.revoke(held, all.io, "authorization"))).toMatchObject({ trouble: "transient" });
    expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
    expect(all.simulator.state.grants.some((one) => one.alive)).toBe(false);
  });

  it.each([true, false])("V-08 access that ran out is refreshed first (rotation %s)", async (rotation) => {
    const all = set();
    all.simulator.switches.rotation = rotation;
    const held = await connect(all);
    all.later(3_600);
    expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
    expect(all.simulator.state.grants.some((one) => one.alive)).toBe(false);
    expect(all.simulator.ledger.count("token")).toBe(2);
  });

  it.each([true, false])(
    "V-02 V-08 what the refresh brought is not lost when the revoke then fails, over hours (rotation %s)",
    async (rotation) => {
      const all = set();
      all.simulator.switches.rotation = rotation;
      const held = await connect(all);
      for (let hours = 0; hours < 9; hours += 1) {
        all.later(3_600);
        all.faults.splice(0, 1, { match: "revoke", kind: "status", status: 503 });
        expect(await trouble(all.provider.revoke(held, all.io, "authorization"))).toMatchObject({ trouble: "transient", code: "http_503" });
      }
      all.faults.length = 0;
      expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
      expect(all.simulator.state.grants.some((one) => one.alive)).toBe(false);
      expect(all.simulator.ledger.count("token")).toBe(10);
    },
  );

  it("what the merchant has ended already is done: both tokens are refused", async () => {
    const all = set();
    const held = await connect(all);
    all.simulator.revokeAtPlatform("RIYAD");
    expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
    all.later(3_600);
    expect(await all.provider.revoke(held, all.io, "authorization")).toBe("remote");
  });

  it("V-08 without a refresh token, access that ran out cannot be confirmed", async () => {
    const all = set();
    const held = { ...(await connect(all)), renewal: null };
    all.later(3_600);
    expect(await trouble(all.provider.revoke(held, all.io, "authorization"))).toMatchObject({
      trouble: "transient",
      code: "not_confirmed",
    });
  });

  it.each<[string, Fault, string]>([
    ["410", { match: "revoke", kind: "status", status: 410 }, "operator"],
    ["429", { match: "revoke", kind: "status", status: 429 }, "transient"],
    ["HTML", { match: "revoke", kind: "html" }, "transient"],
  ])("V-02 %s confirms nothing", async (_name, fault, expected) => {
    const all = set();
    const held = await connect(all);
    all.faults.push(fault);
    expect((await trouble(all.provider.revoke(held, all.io, "authorization"))).trouble).toBe(expected);
  });
});

describe("grants that exist already", () => {
  it("are taken as they are", async () => {
    const all = set();
    const issued = await all.provider.adopt.issue({ access_token: " CNRY-a ", refresh_token: "CNRY-r", expires_in: "60" }, all.io);
    expect(issued).toEqual({
      access: "CNRY-a",
      renewal: '{"v":1,"refresh_token":"CNRY-r"}',
      expiresAt: new Date(+all.now.value + 60_000),
      scopes: null,
    });
    expect(await all.provider.adopt.issue({ refresh_token: "CNRY-r" }, all.io)).toMatchObject({ access: null, expiresAt: null });
    expect(all.requests).toEqual([]);
  });

  it.each([
    [{}, { access_token: "required" }],
    [{ access_token: "a b" }, { access_token: "bad_characters" }],
    [
      { access_token: "a", refresh_token: "é", expires_in: "soon" },
      { refresh_token: "bad_characters", expires_in: "bad_number" },
    ],
  ])("%j is refused beside the fields", async (values, fields) => {
    const error = await trouble(set().provider.adopt.issue(values, set().io));
    expect([error.trouble, error.code, error.detail.fields]).toEqual(["declined", "bad_input", fields]);
  });
});
