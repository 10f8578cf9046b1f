import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { type Context, Provider } from "oidc-provider";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { identityStore } from "@/tests/simulators/identity-store";
import { oauth2SettingsOf } from "@/tests/simulators/oauth2-client";
import { freePort } from "@/tests/support/free-port";
import { REDIRECT_URI } from "./subject";

// Every character that a client identifier or secret may hold and that form encoding changes.
const CLIENT_ID = "shop:1 %+";
const SECRET = "CNRY-judge:secret/ with%+signs-and-length";
const SCOPES = ["openid", "profile", "offline_access"];
const SIGNING_KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

/** The certified oidc-provider on a port: PKCE for every client (RFC 9700 section 2.1.1), `iss` in every answer, rotation. */
export async function certifiedServer(
  authMethod: Oauth2Settings["authMethod"],
): Promise<{ settings: Oauth2Settings; calls: string[]; close: () => Promise<void> }> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const isPublic = authMethod === "none";
  const judge = new Provider(issuer, configuration(isPublic ? "none" : `client_secret_${authMethod}`));
  const handle = judge.callback();
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", issuer).pathname;
    calls.push(path);
    if (!path.startsWith("/interaction/")) return void handle(request, response);
    void judge.interactionFinished(request, response, { login: { accountId: "store-7" }, consent: {} });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const settings = oauth2SettingsOf({ id: CLIENT_ID, secret: SECRET, isPublic }, issuer, SCOPES);
  return {
    settings: { ...settings, authMethod, authorizeParams: { prompt: "consent" } },
    calls,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function configuration(method: string): Record<string, unknown> {
  return {
    adapter: identityStore(),
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: method === "none" ? undefined : SECRET,
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: method,
      },
    ],
    jwks: { keys: [SIGNING_KEY] },
    cookies: { keys: ["CNRY-judge-cookies"] },
    claims: { openid: ["sub"], profile: ["name"] },
    pkce: { required: () => true },
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
      grant.addOIDCScope(SCOPES.join(" "));
      await grant.save();
      return grant;
    },
  };
}
