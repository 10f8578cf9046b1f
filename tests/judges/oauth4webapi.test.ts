import * as oauth from "oauth4webapi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { simulatorServer } from "./simulator-server";
import { REDIRECT_URI } from "./subject";

type Server = Awaited<ReturnType<typeof simulatorServer>>;

// The library's own client, by its documented flow and with all its checks, judges our standard simulator over real HTTP. It refuses
// plain http, which is allowed here for this machine and nowhere else.
const options = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, BodyInit | URLSearchParams | undefined>) => {
    if (new URL(url).hostname !== "127.0.0.1") throw new Error("Plain http leaves this machine");
    return fetch(url, init as RequestInit);
  },
} as const;

const authentications = {
  basic: (secret: string) => oauth.ClientSecretBasic(secret),
  post: (secret: string) => oauth.ClientSecretPost(secret),
  none: () => oauth.None(),
};

async function discovered(issuer: string, algorithm: "oauth2" | "oidc"): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(issuer), { algorithm, ...options });
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}

/** A client of the library, ready to ask: discovery, the address with PKCE, and the checks of what comes back. */
async function clientAt(server: Server, authMethod: keyof typeof authentications, secret = server.simulator.client.secret) {
  const as = await discovered(server.simulator.issuer, "oauth2");
  const client: oauth.Client = { client_id: server.simulator.client.id };
  const clientAuth = authentications[authMethod](secret);

  async function consent(choose = server.approve) {
    const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
    const url = new URL(as.authorization_endpoint ?? "");
    const asked = { client_id: client.client_id, response_type: "code", redirect_uri: REDIRECT_URI, scope: "openid orders.read", state };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    url.searchParams.set("code_challenge", await oauth.calculatePKCECodeChallenge(verifier));
    url.searchParams.set("code_challenge_method", "S256");
    const back = await choose(url.href);
    return { callback: new URL(back.headers.get("location") ?? ""), state, verifier };
  }

  async function redeem({ callback, state, verifier }: Awaited<ReturnType<typeof consent>>) {
    const answer = oauth.validateAuthResponse(as, client, callback, state);
    const response = await oauth.authorizationCodeGrantRequest(as, client, clientAuth, answer, REDIRECT_URI, verifier, options);
    expect(response.headers.get("cache-control")).toBe("no-store");
    return oauth.processAuthorizationCodeResponse(as, client, response);
  }

  async function refresh(token: string | undefined) {
    const response = await oauth.refreshTokenGrantRequest(as, client, clientAuth, token ?? "", options);
    return oauth.processRefreshTokenResponse(as, client, response);
  }

  async function introspect(token: string) {
    return oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, clientAuth, token, { ...options, requestJwtResponse: false }),
    );
  }

  const revoke = async (token: string | undefined) =>
    oauth.processRevocationResponse(await oauth.revocationRequest(as, client, clientAuth, token ?? "", options));

  const userInfo = async (access: string, subject: string) =>
    oauth.processUserInfoResponse(as, client, subject, await oauth.userInfoRequest(as, client, access, options));

  return { as, client, consent, redeem, refresh, introspect, revoke, userInfo };
}

describe.each(["basic", "post", "none"] as const)("the library's client with %s", (authMethod) => {
  let server: Server;
  beforeEach(async () => {
    // Every character that form encoding changes, so that a Basic header built or read without it would not fit.
    server = await simulatorServer(authMethod, { clientId: "shop:1 %+é", clientSecret: "CNRY-secret:/ with%+signs-and-ü" });
  });
  afterEach(() => server.close());

  it("goes the whole way: discovery, consent with PKCE and `iss`, exchange, proof, rotation, revocation", async () => {
    const at = await clientAt(server, authMethod);
    const issued = await at.redeem(await at.consent());
    expect(issued).toMatchObject({ token_type: "bearer", expires_in: 3600, scope: "openid orders.read" });
    expect(await at.introspect(issued.access_token)).toMatchObject({ active: true, sub: "acct-jeddah", scope: "openid orders.read" });
    expect(await at.userInfo(issued.access_token, "acct-jeddah")).toMatchObject({ name: "Jeddah shop" });
    const next = await at.refresh(issued.refresh_token);
    expect([next.access_token, next.refresh_token]).not.toEqual([issued.access_token, issued.refresh_token]);
    await at.revoke(next.refresh_token);
    expect(await at.introspect(next.access_token)).toEqual({ active: false });
    await expect(at.refresh(next.refresh_token)).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
    await expect(at.userInfo(next.access_token, "acct-jeddah")).rejects.toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    // RFC 7009 section 2.2: what is unknown counts as revoked.
    await at.revoke("never issued");
  });

  it("is refused in the standard's words: a used code, another's verifier, a used refresh token, an unknown client", async () => {
    const at = await clientAt(server, authMethod);
    const answer = await at.consent();
    const issued = await at.redeem(answer);
    await expect(at.redeem(answer)).rejects.toMatchObject({ name: "ResponseBodyError", error: "invalid_grant", status: 400 });
    await expect(at.refresh(issued.refresh_token)).rejects.toMatchObject({ error: "invalid_grant" });
    const stolen = { ...(await at.consent()), verifier: oauth.generateRandomCodeVerifier() };
    await expect(at.redeem(stolen)).rejects.toMatchObject({ error: "invalid_grant", status: 400 });

    const family = await at.redeem(await at.consent());
    const next = await at.refresh(family.refresh_token);
    await expect(at.refresh(family.refresh_token)).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(at.refresh(next.refresh_token)).rejects.toMatchObject({ error: "invalid_grant" });

    if (authMethod === "none") return;
    const wrong = await clientAt(server, authMethod, "CNRY-wrong");
    const refused = await wrong.redeem(await wrong.consent()).catch((error: unknown) => error);
    // RFC 6749 section 5.2: whoever came with Basic is answered with a challenge, which the library looks at first.
    if (authMethod === "basic") expect(refused).toMatchObject({ name: "WWWAuthenticateChallengeError", status: 401 });
    else expect(refused).toMatchObject({ name: "ResponseBodyError", error: "invalid_client", status: 401 });
  });

  it("hears a person's no, with `iss` beside it", async () => {
    const at = await clientAt(server, authMethod);
    const { callback, state } = await at.consent(server.deny);
    expect(callback.searchParams.get("iss")).toBe(server.simulator.issuer);
    expect(() => oauth.validateAuthResponse(at.as, at.client, callback, state)).toThrow(oauth.AuthorizationResponseError);
  });

  it("S-10 S-16: refuses a wrong or missing `iss`, another state and a repeated code before any call", async () => {
    const at = await clientAt(server, authMethod);
    for (const iss of ["wrong", "missing"]) {
      server.simulator.switches.iss = iss;
      await expect(at.redeem(await at.consent())).rejects.toThrow(/"iss" \(issuer\)/);
    }
    server.simulator.switches.iss = "right";
    await expect(at.redeem({ ...(await at.consent()), state: "another" })).rejects.toThrow(/"state" response parameter/);
    const twice = await at.consent();
    twice.callback.searchParams.append("code", "second");
    await expect(at.redeem(twice)).rejects.toThrow(/"code" parameter must be provided only once/);
    expect(server.simulator.ledger.count("token.authorization_code")).toBe(0);
  });
});

describe("metadata", () => {
  let server: Server;
  beforeEach(async () => {
    server = await simulatorServer("basic", { issuerPath: "/tenant/one" });
  });
  afterEach(() => server.close());

  it("is found at both well-known forms, of an issuer with a path too, and says the same", async () => {
    const { issuer, switches } = server.simulator;
    expect(new URL(issuer).pathname).toBe("/tenant/one");
    const [standard, openId] = [await discovered(issuer, "oauth2"), await discovered(issuer, "oidc")];
    expect(standard).toEqual(openId);
    expect(standard).toMatchObject({ issuer, code_challenge_methods_supported: ["S256"], response_types_supported: ["code"] });
    for (const [left, found, missed] of [["oauth", "oauth2", "oidc"] as const, ["openid", "oidc", "oauth2"] as const]) {
      switches.metadata = left;
      expect((await discovered(issuer, found)).issuer).toBe(issuer);
      await expect(discovered(issuer, missed)).rejects.toBeInstanceOf(oauth.OperationProcessingError);
    }
  });

  it("of another issuer is refused", async () => {
    const { issuer, switches } = server.simulator;
    switches.metadataIssuer = `${issuer}/`;
    await expect(discovered(issuer, "oauth2")).rejects.toMatchObject({ code: oauth.JSON_ATTRIBUTE_COMPARISON });
  });
});
