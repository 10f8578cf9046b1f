import { beforeEach, describe, expect, test } from "vitest";
import type { Grant, Issued, RedirectProvider } from "@/lib/providers/contract";
import texts from "@/lib/providers/messages/en.json";
import { ProviderError } from "@/lib/providers/provider-error";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { shipped } from "./worlds/shipped";
import { world } from "./worlds/ultracart";

const BASE = "http://127.0.0.1:4103/rest/v2";
const STATE = "s".repeat(43);
const VERSION = { "x-ultracart-api-version": "2017-03-01" };

type Fields = Record<string, string>;

let at: ReturnType<typeof world>;
let provider: RedirectProvider;
let client: Fields;
beforeEach(() => {
  at = world();
  provider = at.provider as RedirectProvider;
  client = { client_id: at.simulator.clientId, client_secret: at.simulator.state.secret ?? "" };
});

const io = (faults: Fault[] = []) => testIo(withFaults(at.simulator, faults), () => at.now.value);
const read = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const later = (s: number) => {
  at.now.value = new Date(at.now.value.getTime() + s * 1000);
};

/** Straight to the platform, past the provider. */
const ask = (path: string, init: RequestInit = {}) =>
  at.simulator.handle(new Request(`${BASE}${path}`, { redirect: "manual", ...init, headers: { ...VERSION, ...init.headers } }));
const post = (path: string, fields: Fields) => ask(path, { method: "POST", body: new URLSearchParams(fields) });
const authorize = (fields: Fields) => ask(`/oauth/authorize?${new URLSearchParams(fields)}`);
const asked = () => ({ client_id: client.client_id ?? "", response_type: "code", state: STATE, redirect_uri: at.redirectUri });
const approved = async () => at.approve(`${BASE}/oauth/authorize?${new URLSearchParams(asked())}`);
const codeForm = async (): Promise<Fields> => ({
  ...client,
  grant_type: "authorization_code",
  code: (await approved()).get("code") ?? "",
  redirect_uri: at.redirectUri,
});
const issued = async () => (await read(await post("/oauth/token", await codeForm()))) as Fields;
const refreshForm = (from: Fields): Fields => ({ ...client, grant_type: "refresh_token", refresh_token: from.refresh_token ?? "" });

async function connected(): Promise<Grant> {
  const answer: Issued = await provider.exchange(
    { query: await approved(), state: STATE, redirectUri: at.redirectUri, verifier: null },
    io(),
  );
  return { ...answer, scopes: answer.scopes ?? [], accountId: null };
}

async function trouble(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("It was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error.message;
}

describe("the authorize address", () => {
  const url = async (variables: Fields) => {
    const made = shipped("ultracart", { ULTRACART_CLIENT_ID: "c", ...variables }).provider;
    if (made?.kind !== "redirect") throw new Error("UltraCart is not offered");
    return new URL(await made.authorizationUrl({ state: STATE, redirectUri: at.redirectUri, challenge: null, locale: "en" }, io()));
  };

  test("is the samples' one under /rest/v2 where nothing is configured, and any other where it is", async () => {
    const usual = await url({});
    expect(usual.origin + usual.pathname).toBe("https://secure.ultracart.com/rest/v2/oauth/authorize");
    const prose = "https://secure.ultracart.com/admin/v2/oauth/authorize";
    const other = await url({ ULTRACART_AUTHORIZE_URL: prose });
    expect(other.origin + other.pathname).toBe(prose);
  });

  test.each(["client_id", "response_type", "state"])("is refused without %s", async (name) => {
    const { [name]: value = "", ...rest } = asked() as Fields;
    expect((await authorize(rest)).status).toBe(400);
    expect((await authorize({ ...rest, [name]: "" })).status).toBe(400);
    expect((await authorize({ ...rest, [name]: value })).status).toBe(307);
  });

  test("is refused with another client, or another response_type than code", async () => {
    expect((await authorize({ ...asked(), client_id: "another" })).status).toBe(400);
    expect((await authorize({ ...asked(), response_type: "token" })).status).toBe(400);
  });

  test.each(["redirect_uri", "scope"])("takes %s or goes without, unless the application's profile fixes it", async (name) => {
    const { redirect_uri, ...rest } = asked();
    const more: Fields = { [name]: name === "scope" ? "item_read" : redirect_uri };
    expect([(await authorize(rest)).status, (await authorize({ ...rest, ...more })).status]).toEqual([307, 307]);
    at.simulator.switches.presetProfile = true;
    expect([(await authorize(rest)).status, (await authorize({ ...rest, ...more })).status]).toEqual([307, 400]);
  });

  test("leads with 307 to the page where the merchant decides, and from there back with code and state", async () => {
    const answer = await authorize(asked());
    expect([answer.status, answer.headers.get("location")]).toEqual([307, expect.stringContaining(`${BASE}/oauth/consent?request=`)]);
    const query = await at.approve(`${BASE}/oauth/authorize?${new URLSearchParams(asked())}`);
    expect([[...query.keys()].sort(), query.get("state")]).toEqual([["code", "state"], STATE]);
  });

  test.each([400, 403, 404, 500])("that answers %i leads nowhere: the browser stays there", async (status) => {
    at.simulator.switches.authorizeStatus = status;
    const answer = await authorize(asked());
    expect([answer.status, answer.headers.get("location"), answer.headers.get("uc-rest-error")]).toEqual([
      status,
      null,
      expect.any(String),
    ]);
  });
});

describe("the way back", () => {
  const back = async (decision: "approve" | "deny", waitS = 0) => {
    const answer = await authorize(asked());
    later(waitS);
    const body = new URLSearchParams({ decision, store: "RIYAD" });
    const decided = await at.simulator.handle(new Request(answer.headers.get("location") ?? "", { method: "POST", body }));
    return new URL(decided.headers.get("location") ?? "").searchParams;
  };

  test("of a merchant who refused carries access_denied and the state", async () => {
    const query = await back("deny");
    expect(Object.fromEntries(query)).toEqual({ error: "access_denied", state: STATE });
    expect(provider.readAnswer(query)).toEqual({ kind: "error", outcome: "denied" });
  });

  test("of an authorize link that has expired carries invalid_request and the state", async () => {
    const query = await back("approve", 601);
    expect(Object.fromEntries(query)).toEqual({ error: "invalid_request", state: STATE });
    expect(provider.readAnswer(query)).toEqual({ kind: "error", outcome: "timed_out" });
  });
});

describe("a token call", () => {
  test("is a POST of a form, not of JSON", async () => {
    const form = await codeForm();
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(form) };
    expect((await ask("/oauth/token", json)).status).toBe(400);
    expect((await ask(`/oauth/token?${new URLSearchParams(form)}`)).ok).toBe(false);
    expect((await post("/oauth/token", form)).status).toBe(200);
  });

  test.each(["client_id", "grant_type", "code", "redirect_uri"])("for a code is refused without %s, or with another", async (name) => {
    const { [name]: value = "", ...rest } = await codeForm();
    expect((await post("/oauth/token", rest)).status).toBe(400);
    expect((await post("/oauth/token", { ...rest, [name]: "another" })).status).toBe(400);
    expect((await post("/oauth/token", { ...rest, [name]: value })).status).toBe(200);
  });

  test.each(["client_id", "grant_type", "refresh_token"])("for a refresh is refused without %s, or with another", async (name) => {
    const { [name]: value = "", ...rest } = refreshForm(await issued());
    expect((await post("/oauth/token", rest)).status).toBe(400);
    expect((await post("/oauth/token", { ...rest, [name]: "another" })).status).toBe(400);
    expect((await post("/oauth/token", { ...rest, [name]: value })).status).toBe(200);
  });

  test("does not know the samples' word redirect_url", async () => {
    const { redirect_uri = "", ...rest } = await codeForm();
    expect((await post("/oauth/token", { ...rest, redirect_url: redirect_uri })).status).toBe(400);
  });

  test("needs no secret where the application has none, as the reference has it", async () => {
    at.simulator.state.secret = null;
    const { client_secret: _, ...form } = await codeForm();
    const first = (await read(await post("/oauth/token", form))) as Fields;
    const { client_secret: __, ...refresh } = refreshForm(first);
    expect((await post("/oauth/token", refresh)).status).toBe(200);
  });

  test("for a code comes at once: a minute later it is refused", async () => {
    const [early, late] = [await codeForm(), await codeForm()];
    later(60);
    expect((await post("/oauth/token", early)).status).toBe(200);
    later(1);
    expect((await post("/oauth/token", late)).status).toBe(400);
  });

  test("is answered in texts alone", async () => {
    expect(await issued()).toEqual({
      access_token: expect.any(String),
      token_type: "bearer",
      expires_in: "3600",
      refresh_token: expect.any(String),
      scope: "item_read order_read",
    });
    at.simulator.switches.tokenErrors = "oauth";
    expect(await read(await post("/oauth/token", { ...(await codeForm()), code: "another" }))).toEqual({
      error: "invalid_grant",
      error_description: expect.any(String),
      error_uri: expect.any(String),
    });
  });

  test.each([
    ["token_type", { access: "CNRY-a", scopes: ["item_read"] }],
    ["expires_in", { expiresAt: null }],
    ["refresh_token", { renewal: null }],
    ["scope", { scopes: null }],
  ])("may be answered without %s", async (name, expected) => {
    const whole = { access_token: "CNRY-a", token_type: "bearer", expires_in: "60", refresh_token: "CNRY-r", scope: "item_read" };
    const { [name as keyof typeof whole]: _, ...body } = whole;
    const faults: Fault[] = [{ kind: "body", match: "/oauth/token", body: JSON.stringify(body) }];
    const answer = { query: await approved(), state: STATE, redirectUri: at.redirectUri, verifier: null };
    expect(await provider.exchange(answer, io(faults))).toMatchObject(expected);
  });

  test.each([
    [400, "declined: code_refused", "reconnect: refresh_refused"],
    [500, "doubt: http_500", "doubt: http_500"],
  ])("that answers %i with the envelope is read by it", async (status, onCode, onRefresh) => {
    const body = JSON.stringify({ error: { developer_message: "d", user_message: "u" }, metadata: {} });
    const faults = (): Fault[] => [{ kind: "body", match: "/oauth/token", status, body, headers: { "uc-rest-error": "refused" } }];
    const grant = await connected();
    const answer = { query: await approved(), state: STATE, redirectUri: at.redirectUri, verifier: null };
    expect(await trouble(provider.exchange(answer, io(faults())))).toBe(onCode);
    expect(await trouble(provider.refresh(grant, io(faults())))).toBe(onRefresh);
  });
});

describe("a revoke", () => {
  test("is a POST of a form, not of JSON", async () => {
    const { access_token = "" } = await issued();
    const fields = { ...client, token: access_token };
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields) };
    expect((await ask("/oauth/revoke", json)).status).toBe(400);
    expect((await post("/oauth/revoke", fields)).status).toBe(200);
  });

  test.each(["client_id", "token"])("is refused without %s", async (name) => {
    const { access_token = "" } = await issued();
    const { [name]: value = "", ...rest } = { ...client, token: access_token } as Fields;
    expect((await post("/oauth/revoke", rest)).status).toBe(400);
    expect((await read(await post("/oauth/revoke", { ...rest, [name]: value }))).successful).toBe(true);
  });

  test("takes the access token as token, not as access_token as a sample has it, and no refresh token", async () => {
    const { access_token = "", refresh_token = "" } = await issued();
    expect((await post("/oauth/revoke", { ...client, access_token })).status).toBe(400);
    expect((await read(await post("/oauth/revoke", { ...client, token: refresh_token }))).successful).toBe(false);
    expect((await read(await post("/oauth/revoke", { ...client, token: access_token }))).successful).toBe(true);
  });

  test("is answered with successful and a message", async () => {
    const { access_token = "" } = await issued();
    const answers = [
      await post("/oauth/revoke", { ...client, token: access_token }),
      await post("/oauth/revoke", { ...client, token: access_token }),
    ];
    const bodies = await Promise.all(answers.map(read));
    expect(bodies).toEqual([
      { successful: true, message: expect.any(String) },
      { successful: false, message: expect.any(String) },
    ]);
  });

  test("ends access and refresh together", async () => {
    const first = await issued();
    const authorization = `Bearer ${first.access_token}`;
    expect((await ask("/item/items?_limit=1", { headers: { authorization } })).status).toBe(200);
    await post("/oauth/revoke", { ...client, token: first.access_token ?? "" });
    expect((await ask("/item/items?_limit=1", { headers: { authorization } })).status).toBe(401);
    expect((await post("/oauth/token", refreshForm(first))).status).toBe(400);
  });

  test.each([
    [400, "transient: not_confirmed"],
    [500, "transient: http_500"],
  ])("that answers %i confirms nothing", async (status, expected) => {
    const grant = await connected();
    const faults: Fault[] = [{ kind: "body", match: "/oauth/revoke", status, body: '{"error":{"user_message":"u"},"metadata":{}}' }];
    expect(await trouble(provider.revoke(grant, io(faults), "authorization"))).toBe(expected);
  });

  test("the merchant is told to delete the Authorized Application in the back office too", () => {
    const { undo, byHand } = texts.platforms.ultracart;
    for (const text of [undo, byHand]) expect(text).toContain("Configuration > Back Office > Authorized Applications");
  });
});

describe("every call but the browser's", () => {
  test("carries the access token as a bearer", async () => {
    const { access_token } = await issued();
    const call = (authorization: string) => ask("/item/items?_limit=1", { headers: { authorization } });
    expect([(await call(`Bearer ${access_token}`)).status, (await call(`${access_token}`)).status]).toEqual([200, 401]);
  });

  test("is refused in an envelope, with a header that tells the same", async () => {
    const answer = await ask("/item/items", { headers: { authorization: `Bearer ${(await issued()).access_token}` } });
    expect([answer.status, answer.headers.get("uc-rest-error")]).toEqual([400, "_limit is required here"]);
    expect(await read(answer)).toEqual({
      error: {
        developer_message: "developer: _limit is required here",
        user_message: "UltraCart says: _limit is required here",
        error_code: "400",
        more_info: "",
        object_id: "",
      },
      metadata: {},
      success: false,
      warning: { more_info: "", warning_message: "" },
    });
  });

  test.each([
    ["the header alone", "", "reconnect: refresh_refused"],
    [
      "two messages and empty metadata",
      '{"error":{"developer_message":"d","user_message":"u"},"metadata":{}}',
      "reconnect: refresh_refused",
    ],
    [
      "metadata and a warning",
      '{"metadata":{"payload_name":"x","result_set":{}},"success":false,"warning":{"warning_message":"w"}}',
      "reconnect: refresh_refused",
    ],
  ])("may be refused with %s", async (_what, body, expected) => {
    const headers: Fields = body === "" ? { "uc-rest-error": "The token is not valid" } : {};
    const faults: Fault[] = [{ kind: "body", match: "/oauth/token", status: 400, body, headers }];
    expect(await trouble(provider.refresh(await connected(), io(faults)))).toBe(expected);
  });
});
