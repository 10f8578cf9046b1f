import * as oauth from "oauth4webapi";
import type { Field, Grant, Io, Issued, RedirectProvider } from "./contract";
import { ProviderError } from "./provider-error";
import { after, lifetimeS } from "./wire/lifetime";
import { oauthCalls } from "./wire/oauth-calls";
import { authorizationServer } from "./wire/oauth-metadata";
import { oauthProof } from "./wire/oauth-proof";
import { checkSettings, type Oauth2Settings } from "./wire/oauth2-settings";
import { readQuery } from "./wire/read-query";
import { printable } from "./wire/standard-token-answer";

export type { Oauth2Settings };

const ADOPTED: readonly Field[] = [
  { name: "access_token", kind: "secret", optional: true },
  { name: "refresh_token", kind: "secret", optional: true },
  { name: "expires_in", kind: "number", optional: true },
];

/** Any platform that follows RFC 6749, by oauth4webapi. Throws an Error that names the settings that cannot work. */
export function oauth2(settings: Oauth2Settings): RedirectProvider {
  const server = authorizationServer(settings.issuer, checkSettings(settings), settings.allowInsecure);
  const calls = oauthCalls(settings);
  // No standard says where the API lives. The test address is a part of it; userinfo is none, it lives with the sign-in.
  const apiUrl = settings.apiUrl?.replace(/\/+$/, "") ?? (settings.testUrl === null ? null : new URL(settings.testUrl).origin);

  const issued = (answer: oauth.TokenEndpointResponse, renewal: string | null, io: Io): Issued => ({
    access: answer.access_token,
    renewal: answer.refresh_token === undefined ? renewal : sealable(answer.refresh_token),
    expiresAt: after(io.now(), answer.expires_in ?? null),
    scopes: answer.scope?.split(" ").filter(Boolean) ?? null,
  });

  return {
    id: "oauth2",
    kind: "redirect",
    environment: "production",
    host: new URL(settings.authorizeUrl ?? settings.issuer ?? "").host,
    pkce: settings.pkce,
    pace: null,
    revocation: { endsSiblings: settings.revokeEndsAll, tokenOnly: false },

    async authorizationUrl(consent, io) {
      const found = await server.find(io);
      if (!found.authorization_endpoint || !found.token_endpoint) throw new ProviderError("operator", "endpoint_missing");
      const url = new URL(found.authorization_endpoint);
      for (const [name, value] of Object.entries(settings.authorizeParams)) url.searchParams.set(name, value);
      url.searchParams.set("response_type", "code");
      url.searchParams.set("client_id", settings.clientId);
      url.searchParams.set("redirect_uri", consent.redirectUri);
      url.searchParams.set("state", consent.state);
      if (settings.scopes.length > 0) url.searchParams.set("scope", settings.scopes.join(settings.scopeSeparator));
      if (settings.pkce) {
        if (!consent.challenge) throw new ProviderError("operator", "challenge_missing");
        url.searchParams.set("code_challenge", consent.challenge);
        url.searchParams.set("code_challenge_method", "S256");
      }
      return url.href;
    },

    readAnswer(query) {
      try {
        oauth.validateAuthResponse(server.known(), calls.client, relevant(query, settings.issuer), oauth.skipStateCheck);
      } catch (error) {
        // The library judges `iss` and repeated parameters before it believes an error.
        if (!(error instanceof oauth.AuthorizationResponseError)) return { kind: "error", outcome: "not_matched" };
      }
      return query.getAll("code").length > 1 ? { kind: "error", outcome: "not_matched" } : readQuery(query);
    },

    async exchange(answer, io) {
      const found = await server.find(io);
      let query: URLSearchParams;
      try {
        query = oauth.validateAuthResponse(found, calls.client, relevant(answer.query, settings.issuer), answer.state);
      } catch {
        throw new ProviderError("declined", "answer_not_matched");
      }
      if (!query.get("code") || query.getAll("code").length > 1) throw new ProviderError("declined", "code_missing");
      const first = issued(await calls.exchange(found, query, answer.redirectUri, answer.verifier, io), null, io);
      // What is not named was granted as asked (RFC 6749 section 5.1).
      return { ...first, scopes: first.scopes ?? settings.scopes };
    },

    async refresh(grant, io) {
      const refreshToken = opened(grant);
      return issued(await calls.refresh(await server.find(io), refreshToken, io), grant.renewal, io);
    },

    async revoke(grant, io) {
      const found = await server.find(io);
      if (!found.revocation_endpoint) return "local";
      const refreshToken = grant.renewal === null ? null : opened(grant);
      // Refresh first: ended access could be renewed, not the other way round (RFC 7009 section 2.1).
      const ended = refreshToken === null || (await calls.revoke(found, refreshToken, "refresh_token", io));
      const accessEnded = grant.access === null || (await calls.revoke(found, grant.access, "access_token", io));
      return ended && (accessEnded || refreshToken !== null) ? "remote" : "local";
    },

    async inspect(grant, io) {
      const found = await server.find(io);
      const { access } = grant;
      if (access === null) throw new ProviderError("transient", "session_ended");
      // Announced userinfo belongs to OpenID: it refuses tokens without that scope, which would prove nothing.
      const openId = settings.userinfoUrl !== null || grant.scopes.includes("openid");
      return oauthProof(
        {
          testUrl: settings.testUrl,
          introspect: found.introspection_endpoint ? () => calls.introspect(found, access, io) : null,
          userinfoUrl: openId ? (found.userinfo_endpoint ?? null) : null,
        },
        grant,
        io,
      );
    },

    headers: (grant) => ({ authorization: `Bearer ${grant.access ?? ""}` }),
    apiUrl: () => apiUrl,
    spendsOnce: () => true,
    policy: (renewable) =>
      renewable
        ? { kind: "refresh_token", renewAfter: { share: 0.5 }, lateAfter: { share: 0.75 }, graceS: null }
        : { kind: "none", renewAfter: null, lateAfter: null, graceS: 0 },

    adopt: {
      fields: ADOPTED,
      async issue(values, io) {
        const { access_token: access = "", refresh_token: refreshToken = "", expires_in: life = "" } = values;
        const fields: Record<string, string> = {};
        if (access === "" && refreshToken === "") fields.access_token = "required";
        if (access !== "" && !printable(access)) fields.access_token = "bad_characters";
        if (refreshToken !== "" && !printable(refreshToken)) fields.refresh_token = "bad_characters";
        if (life !== "" && lifetimeS(life) === null) fields.expires_in = "bad_number";
        if (Object.keys(fields).length > 0) throw new ProviderError("declined", "bad_input", { fields });
        const renewal = refreshToken === "" ? null : sealable(refreshToken);
        return { access: access || null, renewal, expiresAt: access === "" ? null : after(io.now(), lifetimeS(life)), scopes: null };
      },
    },
  };
}

/** The only parameters that an authorization answer may say something with; `iss` only where there is an issuer to compare. */
function relevant(query: URLSearchParams, issuer: string | null): URLSearchParams {
  const names = ["code", "state", "error", ...(issuer === null ? [] : ["iss"])];
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}

function sealable(refreshToken: string): string {
  return JSON.stringify({ v: 1, refreshToken });
}

/** Throws `reconnect` where there is none: only the owner can bring another. */
function opened(grant: Grant): string {
  try {
    const held = JSON.parse(grant.renewal ?? "{}") as Record<string, unknown>;
    if (typeof held.refreshToken === "string") return held.refreshToken;
  } catch {
    // The parser's own message would quote the secret.
  }
  throw new ProviderError("reconnect", "no_refresh_token");
}
