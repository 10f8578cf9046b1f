import { describe, expect, it } from "vitest";
import { oauth2 } from "@/lib/providers/oauth2";
import type { Fault } from "@/tests/simulators/faults";
import { world } from "./worlds/oauth2";
import { connect, consent, recording, trouble } from "./worlds/oauth2-steps";

describe("settings", () => {
  const bad: [string, Parameters<typeof world>[0]][] = [
    ["needs PKCE", { authMethod: "none", pkce: false, clientSecret: null }],
    ["needs a client secret", { clientSecret: null }],
    ["both the authorize URL and the token URL", { issuer: null, authorizeUrl: "https://a.example/authorize" }],
    ["scope separator is empty", { scopeSeparator: "" }],
    ["client id is empty", { clientId: "" }],
    ['"response_type" is set by Latchkey', { authorizeParams: { response_type: "token" } }],
    ['"state" is set by Latchkey', { authorizeUrl: "https://a.example/authorize?state=x" }],
    ["tokenUrl must be an https URL", { tokenUrl: "http://a.example/token" }],
    ["tokenUrl must be an https URL", { tokenUrl: "http://127.0.0.1/token" }],
    ["tokenUrl must be an https URL", { tokenUrl: "http://127.0.0.1.evil.example/token", allowInsecure: true }],
    ["issuer must be an https URL", { issuer: "https://user:pw@a.example" }],
    ["issuer must be an https URL", { issuer: "https://a.example/#x" }],
    ["the issuer has a query", { issuer: "https://a.example/?x=1" }],
    ["apiUrl has a query", { apiUrl: "https://standard.example/api?key=1" }],
    ["testUrl must be an https URL", { testUrl: "file:///etc/passwd" }],
  ];
  it.each(bad)("are refused with a sentence: %s", (sentence, change) => {
    expect(() => world(change)).toThrow(sentence);
  });

  it("http on loopback is allowed where the installation says so", () => {
    expect(() => world({ tokenUrl: "http://127.0.0.1:4105/token", allowInsecure: true })).not.toThrow();
  });
});

describe("where the API lives", () => {
  const grant = { access: "a", renewal: null, scopes: [], expiresAt: null, accountId: null };
  it.each([
    [{ apiUrl: "https://api.standard.example/v3/", testUrl: "https://standard.example/api/me" }, "https://api.standard.example/v3"],
    [{ apiUrl: null, testUrl: "https://standard.example/api/me?x=1" }, "https://standard.example"],
    [{ apiUrl: null, testUrl: null, userinfoUrl: "https://id.standard.example/userinfo" }, null],
  ])("is said by the operator, else by the test address, else by nobody: %j", (change, expected) => {
    expect(world(change).provider.apiUrl(grant)).toBe(expected);
  });
});

describe("the authorization request", () => {
  it("S-07 carries each parameter once, with S256, extra parameters and the separator asked for", async () => {
    const w = world({
      scopeSeparator: ",",
      authorizeParams: { access_type: "offline", prompt: "consent" },
      authorizeUrl: "https://standard.example/authorize?tenant=7",
    });
    w.simulator.switches.scopeForm = "comma";
    const { url } = await consent(w, recording(w));
    const query = new URL(url).searchParams;
    expect([...query.keys()].sort()).toEqual(
      [
        "access_type",
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "tenant",
      ].sort(),
    );
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      scope: "openid,orders.read",
      tenant: "7",
      redirect_uri: w.redirectUri,
    });
  });

  it("goes without PKCE where the platform cannot take it", async () => {
    const w = world({ pkce: false });
    const io = recording(w);
    const { url, answer } = await consent(w, io);
    expect(url).not.toContain("code_challenge");
    expect((await w.provider.exchange(answer, io)).access).toMatch(/^CNRY-/);
  });
});

describe("discovery", () => {
  it.each(["oauth", "openid"])("finds metadata at the %s well-known form of an issuer with a path", async (form) => {
    const w = world({}, { issuerPath: "/tenant/7" });
    w.simulator.switches.metadata = form;
    const io = recording(w);
    await connect(w, io);
    const paths = io.requests.map((request) => new URL(request.url).pathname);
    expect(paths[0]).toBe("/.well-known/oauth-authorization-server/tenant/7");
    expect(paths.includes("/tenant/7/.well-known/openid-configuration")).toBe(form === "openid");
  });

  it("is asked once in ten minutes, again after, and by each instance for itself", async () => {
    const w = world();
    const io = recording(w);
    await connect(w, io);
    await connect(w, io);
    expect(w.simulator.ledger.count("metadata")).toBe(1);
    w.now.value = new Date(w.now.value.getTime() + 11 * 60_000);
    await consent(w, io);
    expect(w.simulator.ledger.count("metadata")).toBe(2);
    const other = world();
    await connect(other);
    expect(other.simulator.ledger.count("metadata")).toBe(1);
  });

  it("an older copy serves while the metadata is out of reach, and refresh works on", async () => {
    const w = world();
    const grant = await connect(w);
    w.now.value = new Date(w.now.value.getTime() + 30 * 60_000);
    const io = recording(w, [{ match: ".well-known", kind: "status", status: 503 }]);
    expect((await w.provider.refresh(grant, io)).access).toMatch(/^CNRY-/);
  });

  it.each(["https://standard.example/", "https://Standard.example", "https://other.example", "http://standard.example"])(
    "S-99 an issuer announced as %s is refused",
    async (announced) => {
      const w = world();
      w.simulator.switches.metadataIssuer = announced;
      expect(await trouble(consent(w, recording(w)))).toBe("operator: issuer_mismatch");
    },
  );

  const unavailable: [string, Fault, string][] = [
    ["503", { kind: "status", status: 503 }, "transient: http_503"],
    ["HTML", { kind: "html" }, "transient: metadata_unreadable"],
    ["a lost answer", { kind: "reset-after-issuing" }, "transient: no_whole_answer"],
    ["an array", { kind: "body", body: "[1]" }, "transient: metadata_unreadable"],
    ["404", { kind: "status", status: 404 }, "operator: metadata_missing"],
    ["a redirect (S-92)", { kind: "status", status: 307, headers: { location: "https://trap.example/" } }, "operator: metadata_missing"],
    ["no endpoints", { kind: "body", body: '{"issuer":"https://standard.example"}' }, "operator: endpoint_missing"],
    [
      "endpoints over http",
      {
        kind: "body",
        body: '{"issuer":"https://standard.example","authorization_endpoint":"http://standard.example/a","token_endpoint":"javascript:1"}',
      },
      "operator: endpoint_missing",
    ],
  ];
  it.each(unavailable)("%s instead of metadata sends nobody away", async (_name, fault, expected) => {
    const w = world();
    expect(await trouble(consent(w, recording(w, [{ ...fault, match: ".well-known" }])))).toBe(expected);
  });

  it("the code stays unspent while the metadata cannot be read", async () => {
    const w = world();
    const { answer } = await consent(w, recording(w));
    const restarted = world();
    const io = recording(restarted, [{ match: ".well-known", kind: "reset-after-issuing" }]);
    expect(await trouble(restarted.provider.exchange(answer, io))).toBe("transient: no_whole_answer");
    expect(restarted.simulator.ledger.count("token.authorization_code")).toBe(0);
  });

  it("endpoints by hand win over announced ones, and suffice where nothing is announced", async () => {
    const w = world({ authorizeUrl: "https://standard.example/authorize", tokenUrl: "https://by-hand.example/token" });
    const io = recording(w);
    await connect(w, io);
    expect(io.requests.at(-1)?.url).toBe("https://by-hand.example/token");
    w.simulator.switches.metadata = "none";
    w.now.value = new Date(w.now.value.getTime() + 11 * 60_000);
    expect((await connect(w)).access).toMatch(/^CNRY-/);
  });

  it("works without an issuer, and then makes no call but those asked for", async () => {
    const w = world({ issuer: null, authorizeUrl: "https://standard.example/authorize", tokenUrl: "https://standard.example/token" });
    const io = recording(w);
    const grant = await connect(w, io);
    expect(io.requests.map((request) => new URL(request.url).pathname)).toEqual(["/token"]);
    expect(await w.provider.inspect(grant, io)).toEqual({ id: null, label: null, unproved: true });
    expect(await w.provider.revoke(grant, io, "authorization")).toBe("local");
    expect(io.requests).toHaveLength(1);
  });
});

it("the factory is the registry's entry point and keeps its id", () => {
  expect(oauth2.length).toBe(1);
  expect(world().provider).toMatchObject({ id: "oauth2", kind: "redirect", host: "standard.example", pkce: true });
});
