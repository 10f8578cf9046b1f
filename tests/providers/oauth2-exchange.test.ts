import * as oauth from "oauth4webapi";
import { describe, expect, it } from "vitest";
import type { Issued } from "@/lib/providers/contract";
import type { Fault } from "@/tests/simulators/faults";
import { world } from "./worlds/oauth2";
import { connect, consent, grantOf, recording, trouble, type World } from "./worlds/oauth2-steps";

describe("the answer", () => {
  const read = (w: World, text: string) => w.provider.readAnswer(new URLSearchParams(text));
  const iss = encodeURIComponent("https://standard.example");
  const outcomes: [string, ReturnType<World["provider"]["readAnswer"]>][] = [
    ["code=x&state=s", { kind: "code" }],
    ["state=s", { kind: "nothing" }],
    ["code=&state=s", { kind: "nothing" }],
    [`code=x&state=s&iss=${iss}`, { kind: "code" }],
    [`code=x&state=s&iss=${iss}%2F`, { kind: "error", outcome: "not_matched" }],
    ["code=x&state=s&iss=https://STANDARD.example", { kind: "error", outcome: "not_matched" }],
    [`code=x&state=s&iss=${iss}&iss=${iss}`, { kind: "error", outcome: "not_matched" }],
    ["code=x&code=y&state=s", { kind: "error", outcome: "not_matched" }],
    ["error=access_denied&state=s&iss=https://other.example", { kind: "error", outcome: "not_matched" }],
    ["error=access_denied&state=s", { kind: "error", outcome: "denied" }],
    ["error=access_denied&code=x&state=s", { kind: "error", outcome: "denied" }],
    ["error=server_error&state=s", { kind: "error", outcome: "refused" }],
    ["error=temporarily_unavailable&state=s", { kind: "error", outcome: "unreachable" }],
    ["error=invalid_request&state=s", { kind: "error", outcome: "our_fault" }],
    ["error=invalid_scope&state=s", { kind: "error", outcome: "our_fault" }],
    ["error=unauthorized_client&state=s", { kind: "error", outcome: "our_fault" }],
    ["error=unsupported_response_type&state=s", { kind: "error", outcome: "our_fault" }],
  ];
  it.each(outcomes)("S-10 S-16 %s", (text, expected) => {
    expect(read(world(), text)).toEqual(expected);
  });

  it("S-10 where the platform announces `iss`, its absence is an error, on refusals too", async () => {
    const w = world();
    w.simulator.switches.iss = "missing";
    const io = recording(w);
    const { answer } = await consent(w, io);
    expect(w.provider.readAnswer(answer.query)).toEqual({ kind: "error", outcome: "not_matched" });
    expect(await trouble(w.provider.exchange(answer, io))).toBe("declined: answer_not_matched");
    const denied = await consent(w, io, "deny");
    expect(w.provider.readAnswer(denied.answer.query)).toEqual({ kind: "error", outcome: "not_matched" });
    expect(w.simulator.ledger.count("token.authorization_code")).toBe(0);
  });

  it("S-10 a wrong `iss` or state sends the code nowhere", async () => {
    const w = world();
    const io = recording(w);
    const { answer } = await consent(w, io);
    expect(await trouble(w.provider.exchange({ ...answer, state: "another" }, io))).toBe("declined: answer_not_matched");
    w.simulator.switches.iss = "wrong";
    expect(await trouble(w.provider.exchange((await consent(w, io)).answer, io))).toBe("declined: answer_not_matched");
    expect(w.simulator.ledger.count("token.authorization_code")).toBe(0);
  });

  it("C-02 a person's no is denied", async () => {
    const w = world();
    const { answer } = await consent(w, recording(w), "deny");
    expect(w.provider.readAnswer(answer.query)).toEqual({ kind: "error", outcome: "denied" });
  });
});

describe("the code exchange", () => {
  it("sends what the standard asks for, with Basic, each part form-encoded first", async () => {
    const w = world({}, { clientId: "shop:1 %+é", clientSecret: "CNRY-secret:/ +%ü" });
    const io = recording(w);
    const issued = await w.provider.exchange((await consent(w, io)).answer, io);
    const sent = io.requests.at(-1) as Request;
    expect(sent.headers.get("authorization")).toMatch(/^Basic /);
    expect(sent.headers.get("accept")).toBe("application/json");
    expect(sent.redirect).toBe("manual");
    const form = new URLSearchParams(await sent.text());
    expect([...form.keys()].sort()).toEqual(["code", "code_verifier", "grant_type", "redirect_uri"]);
    expect(issued).toMatchObject({ scopes: ["openid", "orders.read"], expiresAt: new Date(w.now.value.getTime() + 3_600_000) });
  });

  it("sends the secret in the body by `post`, and none by `none`", async () => {
    const post = world({ authMethod: "post" });
    const io = recording(post);
    await connect(post, io);
    const form = new URLSearchParams(await (io.requests.at(-1) as Request).text());
    expect(form.get("client_secret")).toBe(post.simulator.client.secret);
    expect(io.requests.at(-1)?.headers.has("authorization")).toBe(false);

    const open = world({}, { isPublic: true });
    const openIo = recording(open);
    await connect(open, openIo);
    const fields = new URLSearchParams(await (openIo.requests.at(-1) as Request).text());
    expect([fields.get("client_id"), fields.has("client_secret")]).toEqual([open.simulator.client.id, false]);
  });

  const forgiven: [string, Record<string, boolean | number | string>, Partial<Issued>][] = [
    ["a lifetime in a string", { expiresIn: "string" }, {}],
    ["no lifetime", { expiresIn: "omit" }, { expiresAt: null }],
    ["lifetime 0", { expiresIn: 0 }, { expiresAt: null }],
    ["lifetime -1", { expiresIn: -1 }, { expiresAt: null }],
    ["lifetime 1e18", { expiresIn: 1e18 }, { expiresAt: null }],
    ["lifetime 3600s", { expiresIn: "3600s" }, { expiresAt: null }],
    ["a lifetime that is no number", { expiresIn: true }, { expiresAt: null }],
    ["no scope, which is as asked", { omitScope: true }, { scopes: ["openid", "orders.read"] }],
    ["fewer scopes", { narrowScope: true }, { scopes: ["openid"] }],
    ["scopes in a list", { scopeForm: "array" }, { scopes: ["openid", "orders.read"] }],
    ["no refresh token (X-09)", { omitRefreshToken: true }, { renewal: null }],
    ["bearer in lower case", { tokenType: "bearer" }, {}],
    ["an ID token that nobody asked for", { issueIdToken: true }, {}],
  ];
  it.each(forgiven)("X-08 the token is stored with %s", async (_name, switches, expected) => {
    const w = world();
    Object.assign(w.simulator.switches, switches);
    const io = recording(w);
    const issued = await w.provider.exchange((await consent(w, io)).answer, io);
    expect(issued.access).toMatch(/^CNRY-access-/);
    expect(issued).toMatchObject({ expiresAt: new Date(w.now.value.getTime() + 3_600_000), ...expected });
  });

  const token = '"access_token":"CNRY-a","token_type":"Bearer"';
  const scopes: [string, unknown, readonly string[]][] = [
    ["commas where spaces were asked for", "orders.read,orders.write", ["orders.read", "orders.write"]],
    ["commas and spaces", "orders.read, openid", ["orders.read", "openid"]],
    ["a comma that is part of a name that was asked for", "openid a,b", ["openid", "a,b"]],
    ["an empty text", "", []],
    ["an empty list", [], []],
    ["names that no header could hold, and one that it can", "a\u0000b openid", ["openid"]],
    ["nothing readable", "\u0000", ["openid", "a,b"]],
    ["null", null, ["openid", "a,b"]],
    ["a number", 7, ["openid", "a,b"]],
  ];
  it.each(scopes)("X-08 scopes as granted from %s", async (_name, scope, expected) => {
    const w = world({ scopes: ["openid", "a,b"] }, { scopes: ["openid", "a,b"] });
    const body = JSON.stringify({ access_token: "CNRY-a", token_type: "Bearer", scope });
    const io = recording(w, [{ match: "/token", kind: "body", body }]);
    expect((await w.provider.exchange((await consent(w, io)).answer, io)).scopes).toEqual(expected);
  });

  const bodies: [string, Fault, string][] = [
    ["HTML (X-06)", { kind: "html" }, "doubt: bad_answer"],
    ["an empty 200", { kind: "status", status: 200 }, "doubt: bad_answer"],
    ["half an object (X-05)", { kind: "body", body: `{${token}` }, "doubt: bad_answer"],
    ["an array", { kind: "body", body: "[]" }, "doubt: bad_answer"],
    ["null", { kind: "body", body: "null" }, "doubt: bad_answer"],
    ["no token type (S-26)", { kind: "body", body: '{"access_token":"CNRY-a"}' }, "doubt: bad_answer"],
    ["another token type", { kind: "body", body: '{"access_token":"CNRY-a","token_type":"mac"}' }, "doubt: bad_answer"],
    ["a DPoP token", { kind: "body", body: '{"access_token":"CNRY-a","token_type":"DPoP"}' }, "doubt: bad_answer"],
    ["an empty token", { kind: "body", body: '{"access_token":"","token_type":"Bearer"}' }, "doubt: bad_answer"],
    ["a token that no header can hold", { kind: "body", body: '{"access_token":"a\\nb","token_type":"Bearer"}' }, "doubt: bad_answer"],
    ["200 with an error (X-10)", { kind: "body", body: `{${token},"error":"invalid_grant"}` }, "declined: code_refused"],
    ["200 with an error object", { kind: "body", body: `{${token},"error":{"code":1}}` }, "doubt: bad_answer"],
    ["400 with a token (X-10)", { kind: "body", body: `{${token}}`, status: 400 }, "doubt: http_400"],
    ["201 with a token", { kind: "body", body: `{${token}}`, status: 201 }, "doubt: bad_answer"],
    ["__proto__ (S-32)", { kind: "body", body: '{"__proto__":{"access_token":"CNRY-a","token_type":"Bearer"}}' }, "doubt: bad_answer"],
    ["500 (X-03)", { kind: "status", status: 500 }, "doubt: http_500"],
    ["503", { kind: "status", status: 503, headers: { "retry-after": "7" } }, "doubt: http_503"],
    ["429 (X-02)", { kind: "status", status: 429 }, "transient: rate_limited"],
    ["404", { kind: "status", status: 404 }, "doubt: http_404"],
    ["a redirect (S-92)", { kind: "status", status: 307, headers: { location: "https://trap.example/" } }, "doubt: http_307"],
    ["a reset after issuing (X-04)", { kind: "reset-after-issuing" }, "doubt: no_whole_answer"],
    ["nothing sent (X-01)", { kind: "unreachable" }, "transient: unreachable"],
    ["401 with a challenge alone", { kind: "status", status: 401, headers: { "www-authenticate": "Basic" } }, "operator: invalid_client"],
    ["401 in HTML", { kind: "status", status: 401, body: "<p>no</p>" }, "doubt: http_401"],
  ];
  it.each(bodies)("S-26 S-97 %s", async (_name, fault, expected) => {
    const w = world();
    const io = recording(w, [{ ...fault, match: "/token" }]);
    expect(await trouble(w.provider.exchange((await consent(w, io)).answer, io))).toBe(expected);
    expect(io.requests.filter((request) => new URL(request.url).pathname === "/token")).toHaveLength(1);
    expect(io.requests.some((request) => request.url.includes("trap"))).toBe(false);
  });

  const words: [string, string, string][] = [
    ["invalid_client", "operator: invalid_client", "operator: invalid_client"],
    ["unauthorized_client", "operator: unauthorized_client", "operator: unauthorized_client"],
    ["unsupported_grant_type", "operator: unsupported_grant_type", "operator: unsupported_grant_type"],
    ["invalid_scope", "operator: invalid_scope", "operator: invalid_scope"],
    ["invalid_grant", "declined: code_refused", "reconnect: refresh_refused"],
    ["invalid_request", "declined: code_refused", "transient: invalid_request"],
    ["server_error", "doubt: server_error", "transient: server_error"],
    ["temporarily_unavailable", "doubt: temporarily_unavailable", "transient: temporarily_unavailable"],
    ["incorrect_client_credentials", "operator: invalid_client", "operator: invalid_client"],
    ["bad_verification_code", "declined: code_refused", "reconnect: refresh_refused"],
    ["redirect_uri_mismatch", "operator: redirect_uri_mismatch", "operator: redirect_uri_mismatch"],
    ["unverified_user_email", "declined: exchange_refused", "transient: refused_unclearly"],
    ["<script>CNRY-x</script>", "declined: exchange_refused", "transient: refused_unclearly"],
  ];
  it.each(words)("I5 the word %s", async (word, atExchange, atRefresh) => {
    for (const status of [400, 401]) {
      const w = world();
      const grant = await connect(w);
      const { answer } = await consent(w, recording(w));
      const refused = () =>
        recording(w, [
          { match: "/token", kind: "body", body: JSON.stringify({ error: word }), status, headers: { "www-authenticate": "Basic" } },
        ]);
      expect(await trouble(w.provider.exchange(answer, refused()))).toBe(atExchange);
      expect(await trouble(w.provider.refresh(grant, refused()))).toBe(atRefresh);
    }
  });

  it("a code is good once, for ten minutes, for its verifier and its address", async () => {
    const w = world();
    const io = recording(w);
    const { answer } = await consent(w, io);
    const grant = grantOf(await w.provider.exchange(answer, io));
    expect(await trouble(w.provider.exchange(answer, io))).toBe("declined: code_refused");
    expect(await trouble(w.provider.refresh(grant, io))).toBe("reconnect: refresh_refused");
    for (const bent of [{ verifier: oauth.generateRandomCodeVerifier() }, { redirectUri: `${w.redirectUri}/` }, { verifier: null }]) {
      const fresh = await consent(w, io);
      expect(await trouble(w.provider.exchange({ ...fresh.answer, ...bent }, io))).toBe("declined: code_refused");
    }
    const late = await consent(w, io);
    w.now.value = new Date(w.now.value.getTime() + 600_000);
    expect(await trouble(w.provider.exchange(late.answer, io))).toBe("declined: code_refused");
  });
});
