import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { people, startIdentityProvider } from "@/tests/simulators/identity-provider";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser, type Visit } from "@/tests/support/plain-browser";

const REDIRECT_URI = "http://127.0.0.1:3000/api/auth/callback/oidc";
const client: oauth.Client = { client_id: "latchkey" };
const secret = "CNRY-identity-secret-with-enough-bytes";
const authentication = oauth.ClientSecretBasic(secret);
const insecure = { [oauth.allowInsecureRequests]: true };
const noticed = [vi.spyOn(console, "info"), vi.spyOn(console, "log")];

let issuer: URL;
let server: oauth.AuthorizationServer;
let close: () => Promise<void>;

beforeAll(async () => {
  const started = await startIdentityProvider({
    port: await freePort(),
    clientId: client.client_id,
    clientSecret: secret,
    redirectUris: [REDIRECT_URI],
  });
  close = started.close;
  issuer = new URL(started.issuer);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});

afterAll(() => close());

async function signIn(visit: Visit, person: string) {
  const [state, nonce, verifier] = [oauth.generateRandomState(), oauth.generateRandomNonce(), oauth.generateRandomCodeVerifier()];
  const url = new URL(server.authorization_endpoint ?? "");
  const challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const query = {
    client_id: client.client_id,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    scope: "openid profile email",
    state,
    nonce,
  };
  url.search = new URLSearchParams({ ...query, code_challenge: challenge, code_challenge_method: "S256" }).toString();
  const page = await visit(url.href);
  const html = await page.text();
  const answer = await visit(page.url, { person });
  return { html, answer, state, nonce, verifier };
}

async function claimsOf(visit: Visit, person: string): Promise<oauth.UserInfoResponse> {
  const { answer, state, nonce, verifier } = await signIn(visit, person);
  const back = new URL(answer.headers.get("location") ?? "");
  expect(back.origin + back.pathname).toBe(REDIRECT_URI);
  const query = oauth.validateAuthResponse(server, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, query, REDIRECT_URI, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response, insecure);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: "" };
  const userinfo = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
  return oauth.processUserInfoResponse(server, client, sub, userinfo);
}

it("offers each person by name, in one form without JavaScript", async () => {
  const { html } = await signIn(plainBrowser(), "nobody");
  expect(html).toContain("<h1>Who do you want to be?</h1>");
  expect(html).not.toContain("<script");
  for (const { name, email } of people) expect(html).toMatch(new RegExp(`${name}[^]*${email}`));
});

it.each(people.map(({ name, sub, email }) => [name, sub, email]))(
  "signs %s in with one click and a verified e-mail",
  async (name, sub, email) => {
    expect(await claimsOf(plainBrowser(), sub)).toEqual({ sub, name, email, email_verified: true });
  },
);

it("asks again each time, so that one browser can be several people", async () => {
  const visit = plainBrowser();
  expect((await claimsOf(visit, "person-mona")).name).toBe("Mona Haddad");
  expect((await claimsOf(visit, "person-omar")).name).toBe("Omar Nasser");
  expect((await claimsOf(visit, "person-mona")).name).toBe("Mona Haddad");
});

it("lets nobody in who said so, or who does not exist", async () => {
  const { answer, state } = await signIn(plainBrowser(), "nobody");
  expect(() => oauth.validateAuthResponse(server, client, new URL(answer.headers.get("location") ?? ""), state)).toThrow(
    expect.objectContaining({ error: "access_denied" }),
  );
  const unknown = await signIn(plainBrowser(), "person-mallory");
  expect([unknown.answer.status, unknown.answer.headers.get("location")]).toEqual([400, null]);
});

it("refuses another return address, another secret and a sign-in that ended, and says so on a page", async () => {
  const foreign = new URL(server.authorization_endpoint ?? "");
  foreign.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: "https://evil.example/",
    response_type: "code",
    scope: "openid",
  }).toString();
  const refused = await fetch(foreign, { redirect: "manual" });
  expect([refused.status, refused.headers.get("location")]).toEqual([400, null]);
  expect(await refused.text()).toContain("invalid_redirect_uri");

  const { answer, state, verifier } = await signIn(plainBrowser(), "person-sara");
  const query = oauth.validateAuthResponse(server, client, new URL(answer.headers.get("location") ?? ""), state);
  const wrong = oauth.ClientSecretBasic("wrong");
  const response = await oauth.authorizationCodeGrantRequest(server, client, wrong, query, REDIRECT_URI, verifier, insecure);
  expect(response.status).toBe(401);

  const ended = await fetch(new URL("/interaction/unknown", issuer));
  expect([ended.status, (await ended.text()).includes("This sign-in has ended")]).toEqual([400, true]);
});

it("keeps quiet", () => {
  for (const spy of noticed) expect(spy.mock.calls).toEqual([]);
});
