import type { Env } from "@/lib/env";
import type { Provider } from "@/lib/providers/contract";
import { registry } from "@/lib/providers/registry";
import { keyJwt } from "@/lib/providers/wire/key-jwt";
import type { Offer } from "./offer";
import { offerFingerprint } from "./offer-fingerprint";

type Open = { clientId?: string; scopes?: readonly string[]; [setting: string]: unknown };

type Made = {
  slug: string;
  name?: string;
  needs: Record<string, unknown>;
  /** Of no use alone, so that giving one says the platform is wanted. */
  hints?: Record<string, unknown>;
  make: () => { provider: Provider; public: Open };
};

/** The offers that the environment describes, and a sentence for each that is described by half. */
export function offersFromEnv(env: Env): { offers: Offer[]; faults: string[] } {
  const offers: Offer[] = [];
  const faults: string[] = [];
  for (const { slug, name, needs, hints = {}, make } of described(env)) {
    const missing = Object.entries(needs)
      .filter(([, value]) => !value)
      .map(([variable]) => variable);
    const wanted = missing.length < Object.keys(needs).length || Object.values(hints).some(Boolean);
    if (missing.length > 0 && !wanted) continue;
    if (missing.length > 0) {
      faults.push(`${slug} is configured by half: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`);
      continue;
    }
    try {
      const { provider, public: open } = make();
      const client = { id: open.clientId ?? null, scopes: open.scopes ?? [] };
      offers.push({ slug, name: name ?? null, provider, fingerprint: offerFingerprint(slug, open), client });
    } catch (error) {
      faults.push(`${slug}: ${error instanceof Error ? error.message : "not usable"}`);
    }
  }
  return { offers, faults };
}

const given = <T extends Record<string, unknown>>(needs: T) => needs as { [Name in keyof T]: NonNullable<T[Name]> };

function described(env: Env): Made[] {
  const noonNeeds = {
    NOON_CLIENT_ID: env.NOON_CLIENT_ID,
    NOON_CLIENT_SECRET: env.NOON_CLIENT_SECRET,
    NOON_KEY_ID: env.NOON_KEY_ID,
    NOON_PRIVATE_KEY: env.NOON_PRIVATE_KEY,
    NOON_PROJECT_CODE: env.NOON_PROJECT_CODE,
  };
  const squareNeeds = { SQUARE_CLIENT_ID: env.SQUARE_CLIENT_ID, SQUARE_CLIENT_SECRET: env.SQUARE_CLIENT_SECRET };
  const ultracartNeeds = { ULTRACART_CLIENT_ID: env.ULTRACART_CLIENT_ID };
  const oauth2Needs = {
    OAUTH2_CLIENT_ID: env.OAUTH2_CLIENT_ID,
    "OAUTH2_ISSUER (or OAUTH2_AUTHORIZE_URL and OAUTH2_TOKEN_URL)": env.OAUTH2_ISSUER ?? (env.OAUTH2_AUTHORIZE_URL && env.OAUTH2_TOKEN_URL),
  };
  return [
    {
      slug: "noon",
      needs: noonNeeds,
      make: () => {
        const values = given(noonNeeds);
        if (keyJwt(values.NOON_KEY_ID, values.NOON_PRIVATE_KEY, new Date()) === null)
          throw new Error("NOON_PRIVATE_KEY is not an RSA private key in PEM.");
        const open = {
          clientId: values.NOON_CLIENT_ID,
          keyId: values.NOON_KEY_ID,
          projectCode: values.NOON_PROJECT_CODE,
          authorizeUrl: env.NOON_AUTHORIZE_URL,
          apiUrl: env.NOON_API_URL,
          userAgent: "Latchkey/1.0",
        };
        return {
          provider: registry.noon({ ...open, clientSecret: values.NOON_CLIENT_SECRET, privateKey: values.NOON_PRIVATE_KEY }),
          public: open,
        };
      },
    },
    {
      slug: "norce",
      needs: {},
      make: () => {
        const open = { originTemplate: env.NORCE_ORIGIN_TEMPLATE, stormTokenUrl: env.NORCE_STORM_TOKEN_URL };
        return { provider: registry.norce(open), public: open };
      },
    },
    {
      slug: "ultracart",
      needs: ultracartNeeds,
      hints: { ULTRACART_CLIENT_SECRET: env.ULTRACART_CLIENT_SECRET },
      make: () => {
        const open = {
          clientId: given(ultracartNeeds).ULTRACART_CLIENT_ID,
          scopes: env.ULTRACART_SCOPES,
          sendScope: env.ULTRACART_SEND_SCOPE,
          sendRedirectUri: env.ULTRACART_SEND_REDIRECT_URI,
          apiUrl: env.ULTRACART_API_URL,
          authorizeUrl: env.ULTRACART_AUTHORIZE_URL ?? `${env.ULTRACART_API_URL}/oauth/authorize`,
        };
        return { provider: registry.ultracart({ ...open, clientSecret: env.ULTRACART_CLIENT_SECRET ?? null }), public: open };
      },
    },
    {
      slug: "square",
      needs: squareNeeds,
      hints: { SQUARE_WEBHOOK_KEY: env.SQUARE_WEBHOOK_KEY },
      make: () => {
        const values = given(squareNeeds);
        const open = {
          clientId: values.SQUARE_CLIENT_ID,
          scopes: env.SQUARE_SCOPES,
          pkce: env.SQUARE_PKCE,
          apiUrl: env.SQUARE_API_URL,
          version: "2026-09-16",
        };
        const secret = { clientSecret: values.SQUARE_CLIENT_SECRET, webhookKey: env.SQUARE_WEBHOOK_KEY ?? null };
        return { provider: registry.square({ ...open, ...secret }), public: open };
      },
    },
    {
      slug: "oauth2",
      name: env.OAUTH2_NAME,
      needs: oauth2Needs,
      hints: { secret: env.OAUTH2_CLIENT_SECRET, authorize: env.OAUTH2_AUTHORIZE_URL, token: env.OAUTH2_TOKEN_URL },
      make: () => {
        const open = {
          name: env.OAUTH2_NAME ?? "OAuth 2.0",
          clientId: given(oauth2Needs).OAUTH2_CLIENT_ID,
          issuer: env.OAUTH2_ISSUER ?? null,
          authorizeUrl: env.OAUTH2_AUTHORIZE_URL ?? null,
          tokenUrl: env.OAUTH2_TOKEN_URL ?? null,
          revokeUrl: env.OAUTH2_REVOKE_URL ?? null,
          introspectUrl: env.OAUTH2_INTROSPECT_URL ?? null,
          userinfoUrl: env.OAUTH2_USERINFO_URL ?? null,
          testUrl: env.OAUTH2_TEST_URL ?? null,
          scopes: env.OAUTH2_SCOPES,
          scopeSeparator: env.OAUTH2_SCOPE_SEPARATOR,
          authMethod: env.OAUTH2_AUTH_METHOD,
          pkce: env.OAUTH2_PKCE,
          authorizeParams: Object.fromEntries(new URLSearchParams(env.OAUTH2_AUTHORIZE_PARAMS)),
          revokeEndsAll: env.OAUTH2_REVOKE_ENDS_ALL,
          allowInsecure: env.LATCHKEY_ALLOW_PRIVATE_NETWORK,
        };
        // Where backends call is no part of a flow, so it does not stand in what flows on their way rely on.
        const own = { clientSecret: env.OAUTH2_CLIENT_SECRET ?? null, apiUrl: env.OAUTH2_API_URL ?? null };
        return { provider: registry.oauth2({ ...open, ...own }), public: open };
      },
    },
  ];
}
