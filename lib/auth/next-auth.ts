import NextAuth, { customFetch, type NextAuthConfig } from "next-auth";
import type { EmailConfig, OIDCConfig } from "next-auth/providers";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { adapter } from "./adapter";
import { admit } from "./admit";
import { identityOf } from "./identity-of";
import { mailSignInLink } from "./mail-sign-in-link";
import { returnPath } from "./return-path";
import { sessionCookie } from "./session-cookie";
import { longestSessionS } from "./session-lifetimes";
import { newToken } from "./session-token";
import { signInLinkLifeS } from "./sign-in-link";
import { tellRefused } from "./tell-refused";

const EXPECTED = ["AccessDenied", "Verification", "OAuthCallbackError", "InvalidCheck"];

/** The company's identity provider. A private address is fine here: only the operator configures it. */
function oidcProvider(issuer: string): OIDCConfig<Record<string, unknown>> {
  return {
    id: "oidc",
    name: "OpenID Connect",
    type: "oidc",
    issuer,
    clientId: env().OIDC_CLIENT_ID,
    clientSecret: env().OIDC_CLIENT_SECRET,
    checks: ["pkce", "state", "nonce"],
    // Some issuers put the e-mail only here, others only into the id_token: identityOf() reads both.
    idToken: false,
    profile: (claims) => ({ id: String(claims.sub) }),
    [customFetch]: (input: RequestInfo | URL, init?: RequestInit) =>
      fetch(input, { ...init, cache: "no-store", signal: AbortSignal.timeout(10_000) }),
  };
}

function emailProvider(): EmailConfig {
  return { id: "email", name: "E-mail", type: "email", maxAge: signInLinkLifeS, sendVerificationRequest: mailSignInLink, options: {} };
}

function configuration(): NextAuthConfig {
  const { LATCHKEY_URL: base, AUTH_SECRET: secret, OIDC_ISSUER: issuer } = env();
  // next-auth asks the environment for its own address, and would else believe X-Forwarded-Host.
  process.env.AUTH_URL = base;
  return {
    basePath: "/api/auth",
    trustHost: true,
    secret,
    useSecureCookies: base.startsWith("https:"),
    providers: [emailProvider(), ...(issuer ? [oidcProvider(issuer)] : [])],
    adapter: adapter(issuer),
    session: { strategy: "database", maxAge: longestSessionS, generateSessionToken: newToken },
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in/sent" },
    callbacks: {
      signIn: async ({ account, user, profile, email }) => {
        // Asking for a link is answered alike for everybody; who gets one is decided when it is mailed.
        if (email?.verificationRequest) return true;
        const identity = account && identityOf(account, user, profile, issuer);
        if (!identity) return false;
        const admission = await admit(identity);
        if (!("userId" in admission)) tellRefused(admission.refused, identity.emailProven ? identity.email : null);
        return "userId" in admission || `/sign-in?notice=${admission.refused}`;
      },
      redirect: ({ url }) => {
        const path = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
        return base + (/^\/sign-in\?notice=\w+$/.test(path) ? path : returnPath(path));
      },
    },
    // Its own messages may quote what a provider or a person sent.
    logger: {
      error: (error) => {
        const cause = (error.cause as { err?: unknown } | undefined)?.err ?? error;
        if (error.name === "Verification") tellRefused("link");
        if (EXPECTED.includes(error.name)) log.info("sign_in_refused", { why: error.name });
        else log.error("sign_in_failed", cause, { why: error.name });
      },
      warn: (code) => log.warn("sign_in_warning", { why: code }),
      debug: () => undefined,
    },
  };
}

// Configured on each request, so that `next build` needs no environment.
export const { handlers, signIn } = NextAuth(configuration);
