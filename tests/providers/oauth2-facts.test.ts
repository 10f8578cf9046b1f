import { beforeEach, describe, expect, it } from "vitest";
import { world } from "./worlds/oauth2";
import { connect, consent, grantOf, recording, type World } from "./worlds/oauth2-steps";
import { shipped } from "./worlds/shipped";

type Fields = Record<string, string>;

let w: World;
beforeEach(() => {
  w = world({ authMethod: "post" });
});

const read = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
/** Straight to the platform, past the provider. */
const ask = (path: string, init: RequestInit = {}) => w.simulator.handle(new Request(`https://standard.example${path}`, init));
const post = (fields: Fields) =>
  ask("/token", { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields) });
const client = () => ({ client_id: w.simulator.client.id, client_secret: w.simulator.client.secret });

/** The form that the provider itself sends for a code, and that for its refresh token. */
async function codeForm(): Promise<Fields> {
  const { answer } = await consent(w, recording(w));
  const { redirectUri: redirect_uri, verifier } = answer;
  return {
    ...client(),
    grant_type: "authorization_code",
    code: answer.query.get("code") ?? "",
    redirect_uri,
    code_verifier: verifier ?? "",
  };
}
async function refreshForm(): Promise<Fields> {
  const { renewal } = await connect(w);
  return { ...client(), grant_type: "refresh_token", refresh_token: (JSON.parse(renewal ?? "") as { refreshToken: string }).refreshToken };
}

describe("the authorization request", () => {
  let url: URL;
  beforeEach(async () => {
    url = new URL((await consent(w, recording(w))).url);
  });
  const visit = (change: (query: URLSearchParams) => void) => {
    const changed = new URL(url);
    change(changed.searchParams);
    return w.simulator.handle(new Request(changed, { redirect: "manual" }));
  };
  /** The error that is sent back to the client; null where the platform keeps the person on a page of its own. */
  const errorOf = (answer: Response) => {
    const location = answer.headers.get("location");
    return location === null ? null : new URL(location).searchParams.get("error");
  };

  it("is a GET in the browser, and carries these parameters once each", async () => {
    expect([...url.searchParams.keys()].sort()).toEqual(
      ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "scope", "state"].sort(),
    );
    const page = await visit(() => undefined);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  });

  it("is refused without response_type=code", async () => {
    expect(errorOf(await visit((query) => query.delete("response_type")))).toBe("unsupported_response_type");
    expect(errorOf(await visit((query) => query.set("response_type", "token")))).toBe("unsupported_response_type");
  });

  it("of a client that is not known goes nowhere", async () => {
    for (const change of [
      (query: URLSearchParams) => query.delete("client_id"),
      (query: URLSearchParams) => query.set("client_id", "another"),
    ]) {
      const answer = await visit(change);
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  it.each(["/", "#x", "?x=1", "/../callback"])("with a return address that differs by %s goes nowhere", async (more) => {
    const answer = await visit((query) => query.set("redirect_uri", `${w.redirectUri}${more}`));
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it("names an absolute return address without a fragment", () => {
    const sent = url.searchParams.get("redirect_uri") ?? "";
    expect([sent, new URL(sent).hash, URL.canParse(sent)]).toEqual([w.redirectUri, "", true]);
  });

  it("may go without a scope, separates several by spaces and minds their case", async () => {
    expect(url.searchParams.get("scope")).toBe("openid orders.read");
    expect((await visit((query) => query.delete("scope"))).status).toBe(200);
    expect(errorOf(await visit((query) => query.set("scope", "openid,orders.read")))).toBe("invalid_scope");
    expect(errorOf(await visit((query) => query.set("scope", "openid Orders.Read")))).toBe("invalid_scope");
    const none = world({ scopes: [] });
    expect(new URL((await consent(none, recording(none))).url).searchParams.has("scope")).toBe(false);
  });

  it("is answered with code, our state and the issuer", async () => {
    const { answer } = await consent(w, recording(w));
    expect([...answer.query.keys()].sort()).toEqual(["code", "iss", "state"]);
    expect([answer.query.get("state"), answer.query.get("iss")]).toEqual([answer.state, w.simulator.issuer]);
  });
});

describe("a token call", () => {
  it("is a POST of a form, in the body alone", async () => {
    const form = await codeForm();
    expect((await ask(`/token?${new URLSearchParams(form)}`)).status).toBe(405);
    expect((await ask(`/token?x=1`, { method: "POST", body: new URLSearchParams(form) })).status).toBe(400);
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(form) };
    expect((await ask("/token", json)).status).toBe(400);
    expect((await post(form)).status).toBe(200);
  });

  it("is UTF-8, form-encoded", async () => {
    const other = world({ authMethod: "post" }, { clientId: "متجر", clientSecret: "CNRY-é&=+ %" });
    const io = recording(other);
    await connect(other, io);
    const sent = await (io.requests.at(-1) as Request).text();
    expect(io.requests.at(-1)?.headers.get("content-type")).toMatch(/^application\/x-www-form-urlencoded/);
    expect(sent).toContain(`client_id=${encodeURIComponent("متجر")}`);
    expect(sent).toMatch(/client_secret=CNRY-%C3%A9%26%3D%2B(\+|%20)%25/);
  });

  it.each(["grant_type", "code", "redirect_uri", "code_verifier", "client_id"])("for a code is refused without %s", async (name) => {
    const form = await codeForm();
    const { [name]: _, ...rest } = form;
    expect((await post(rest)).ok).toBe(false);
    expect((await post({ ...(await codeForm()), [name]: "another" })).ok).toBe(false);
    expect((await post(await codeForm())).status).toBe(200);
  });

  it("for a code repeats the return address of the request byte for byte", async () => {
    const io = recording(w);
    const { url, answer } = await consent(w, io);
    await w.provider.exchange(answer, io);
    const form = new URLSearchParams(await (io.requests.at(-1) as Request).text());
    expect(form.get("redirect_uri")).toBe(new URL(url).searchParams.get("redirect_uri"));
    expect((await post({ ...(await codeForm()), redirect_uri: w.redirectUri.toUpperCase() })).status).toBe(400);
  });

  it.each(["grant_type", "refresh_token"])("for a refresh is refused without %s, or with another", async (name) => {
    const { [name]: value = "", ...rest } = await refreshForm();
    expect((await post(rest)).status).toBe(400);
    expect((await post({ ...rest, [name]: "another" })).status).toBe(400);
    expect((await post({ ...rest, [name]: value })).status).toBe(200);
  });

  it("for a refresh may ask for less, not for more, and gets the same where it names nothing", async () => {
    const scopes = async (more: Fields) => (await read(await post({ ...(await refreshForm()), ...more }))).scope;
    expect(await scopes({})).toBe("openid orders.read");
    expect(await scopes({ scope: "openid" })).toBe("openid");
    expect(await read(await post({ ...(await refreshForm()), scope: "openid orders.write" }))).toMatchObject({ error: "invalid_scope" });
    const io = recording(w);
    const grant = await connect(w, io);
    expect(grantOf(await w.provider.refresh(grant, io)).scopes).toEqual(["openid", "orders.read"]);
    expect(new URLSearchParams(await (io.requests.at(-1) as Request).text()).has("scope")).toBe(false);
  });

  it("with the client in the body is taken, and refused with a wrong or no secret there", async () => {
    const { client_secret, ...rest } = await codeForm();
    expect(await read(await post(rest))).toMatchObject({ error: "invalid_client" });
    expect(await read(await post({ ...rest, client_secret: "another" }))).toMatchObject({ error: "invalid_client" });
    expect((await post({ ...rest, client_secret: client_secret ?? "" })).status).toBe(200);
  });
});

describe("a platform's own ways", () => {
  it("are settings: an installation that names no address knows none", () => {
    expect(shipped("oauth2")).toEqual({ provider: undefined, faults: [] });
    const named = { OAUTH2_CLIENT_ID: "c", OAUTH2_CLIENT_SECRET: "s", OAUTH2_ISSUER: "https://shop.example" };
    expect(shipped("oauth2", named)).toMatchObject({ provider: { host: "shop.example", pace: null }, faults: [] });
  });
});
