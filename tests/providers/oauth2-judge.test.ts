import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import * as oauth from "oauth4webapi";
import { type Context, Provider } from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import type { Grant, Io, Issued } from "@/lib/providers/contract";
import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";
import { identityStore } from "@/tests/simulators/identity-store";
import { listen } from "@/tests/simulators/listen";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser } from "@/tests/support/plain-browser";

// The certified oidc-provider judges our provider, and oauth4webapi's own words our simulator: over real HTTP, by our only way out.
const REDIRECT_URI = "http://127.0.0.1:3000/api/oauth/oauth2/callback";
const SECRET = "CNRY-judge:secret/ with%+signs-and-length";
const SIGNING_KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const io: Io = { fetch: makeFetch({ allowLoopback: true }), now: () => new Date(), session: () => Promise.reject(new Error("unused")) };

async function connect(
  settings: Oauth2Settings,
  choose: (url: string) => Promise<Response>,
): Promise<{ grant: Grant; again: () => Promise<Issued> }> {
  const provider = oauth2(settings);
  const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
  const challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const url = await provider.authorizationUrl({ state, redirectUri: REDIRECT_URI, challenge, locale: "en" }, io);
  const back = await choose(url);
  const query = new URL(back.headers.get("location") ?? "").searchParams;
  expect(provider.readAnswer(query)).toEqual({ kind: "code" });
  const exchange = () => provider.exchange({ query, state, redirectUri: REDIRECT_URI, verifier }, io);
  const issued = await exchange();
  return { grant: grantOf(issued), again: exchange };
}

const grantOf = (issued: Issued): Grant => ({ ...issued, scopes: issued.scopes ?? [], accountId: null });

describe.each(["basic", "post", "none"] as const)("oidc-provider, client authentication %s", (authMethod) => {
  let server: Server;
  let settings: Oauth2Settings;

  beforeAll(async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const isPublic = authMethod === "none";
    const judge = new Provider(issuer, judgeConfiguration(isPublic ? "none" : `client_secret_${authMethod}`));
    const handle = judge.callback();
    server = createServer((request, response) => {
      if (!request.url?.startsWith("/interaction/")) return void handle(request, response);
      void judge.interactionFinished(request, response, { login: { accountId: "store-7" }, consent: {} });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const base = oauth2Simulator({ origin: issuer, now: () => new Date() }, { redirectUris: [REDIRECT_URI], isPublic }).settings;
    settings = {
      ...base,
      authMethod,
      clientId: "shop:1 %+",
      clientSecret: isPublic ? null : SECRET,
      issuer,
      scopes: ["openid", "profile", "offline_access"],
      authorizeParams: { prompt: "consent" },
    };
  });

  afterAll(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const follow = (url: string) => plainBrowser()(url);

  it("takes the whole life of a connection: consent, exchange, proof, rotation, revocation", async () => {
    const provider = oauth2(settings);
    const { grant } = await connect(settings, follow);
    expect(grant.scopes).toEqual(["openid", "profile", "offline_access"]);
    expect(await provider.inspect(grant, io)).toMatchObject({ id: "store-7", label: "Riyadh shop" });
    const next = grantOf(await provider.refresh(grant, io));
    expect([next.access === grant.access, next.renewal === grant.renewal]).toEqual([false, false]);
    expect(await provider.revoke(next, io, "authorization")).toBe("remote");
    await expect(provider.refresh(next, io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    await expect(provider.inspect({ ...next, renewal: null }, io)).rejects.toMatchObject({ trouble: "reconnect", code: "access_refused" });
  });

  it("refuses a second use of a code and of a rotated refresh token", async () => {
    const provider = oauth2(settings);
    const { grant, again } = await connect(settings, follow);
    await provider.refresh(grant, io);
    await expect(provider.refresh(grant, io)).rejects.toMatchObject({ trouble: "reconnect" });
    await expect(again()).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
  });

  it("tells a wrong secret, or a client that nobody knows, as ours to mend", async () => {
    const { grant } = await connect(settings, follow);
    const wrong = oauth2({ ...settings, ...(authMethod === "none" ? { clientId: "unknown" } : { clientSecret: "wrong" }) });
    await expect(wrong.refresh(grant, io)).rejects.toMatchObject({ trouble: "operator", code: "invalid_client" });
  });
});

it("the simulator on a port behaves to the same provider as the certified server does", async () => {
  const port = await freePort();
  const simulator = oauth2Simulator({ origin: `http://127.0.0.1:${port}`, now: () => new Date() }, { redirectUris: [REDIRECT_URI] });
  const listening = await listen(simulator, port);
  try {
    const provider = oauth2(simulator.settings);
    const visit = plainBrowser();
    const { grant, again } = await connect(simulator.settings, (url) => visit(url, { store: "acct-jeddah", decision: "approve" }));
    expect(await provider.inspect(grant, io)).toMatchObject({ id: "acct-jeddah", label: "Jeddah shop" });
    const next = grantOf(await provider.refresh(grant, io));
    await expect(provider.refresh(grant, io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    await expect(provider.refresh(next, io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    await expect(again()).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
  } finally {
    await listening.close();
  }
});

function judgeConfiguration(method: string): Record<string, unknown> {
  return {
    adapter: identityStore(),
    clients: [
      {
        client_id: "shop:1 %+",
        client_secret: method === "none" ? undefined : SECRET,
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: method,
      },
    ],
    jwks: { keys: [SIGNING_KEY] },
    cookies: { keys: ["CNRY-judge-cookies"] },
    claims: { openid: ["sub"], profile: ["name"] },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    interactions: { url: (_context: Context, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 3600, Interaction: 600, Session: 600, Grant: 3600, RefreshToken: 3600 },
    rotateRefreshToken: true,
    clientBasedCORS: () => false,
    findAccount: (_context: Context, sub: string) => ({ accountId: sub, claims: () => ({ sub, name: "Riyadh shop" }) }),
    async loadExistingGrant({ oidc }: Context) {
      const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope("openid profile offline_access");
      await grant.save();
      return grant;
    },
  };
}
