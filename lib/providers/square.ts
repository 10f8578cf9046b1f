import type { Account, Grant, Io, Issued, RedirectProvider } from "./contract";
import { ProviderError } from "./provider-error";
import { cleanText } from "./wire/clean-text";
import { moment } from "./wire/lifetime";
import { readQuery } from "./wire/read-query";
import { alreadyEnded, operatorTrouble, readSquareAnswer, refusesToken, type SquareAnswer, said } from "./wire/square-answer";
import { issuedFrom, readRenewal } from "./wire/square-grant";
import { unsettled } from "./wire/unsettled";

export type SquareSettings = {
  clientId: string;
  /** Empty: a public client, which cannot revoke by a call. */
  clientSecret: string;
  scopes: readonly string[];
  pkce: boolean;
  apiUrl: string;
  /** The API version that every call names. */
  version: string;
};

const LOCALES = ["en-US", "en-CA", "en-IE", "es-US", "fr-CA", "ja-JP"];
const DAY_S = 86_400;

/** Square's OAuth: JSON, an absolute end instead of a lifetime, no scopes in the token answer, and a 401 with three meanings. */
export function square(settings: SquareSettings): RedirectProvider {
  const host = new URL(settings.apiUrl).host;
  const sandbox = host.includes("sandbox");

  async function call(io: Io, path: string, authorization: string | null, body: object | null, spends = false): Promise<SquareAnswer> {
    const headers: Record<string, string> = { Accept: "application/json", "Square-Version": settings.version };
    if (authorization) headers.Authorization = authorization;
    if (body) headers["Content-Type"] = "application/json";
    const method = path.startsWith("/v2/") ? "GET" : "POST";
    const response = await io.fetch(`${settings.apiUrl}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const trouble = unsettled(response, io.now(), spends);
    if (trouble) throw trouble;
    return readSquareAnswer(response);
  }

  /** Throws for a refusal in words: the operator's matter, or `refused` where the words are about what was sent. */
  async function askToken(
    io: Io,
    fields: object,
    pkce: boolean,
    spends: boolean,
    refused: (answer: SquareAnswer) => ProviderError,
  ): Promise<SquareAnswer> {
    const client = pkce ? { client_id: settings.clientId } : { client_id: settings.clientId, client_secret: settings.clientSecret };
    const answer = await call(io, "/oauth2/token", null, { ...client, ...fields }, spends);
    if (!answer.ok && answer.json && (answer.status >= 400 || said(answer).codes.length > 0))
      throw operatorTrouble(answer) ?? refused(answer);
    return answer;
  }

  const renewalRefused = (answer: SquareAnswer) =>
    refusesToken(answer) ? new ProviderError("reconnect", "refresh_refused") : new ProviderError("transient", "bad_answer");

  /** Tokens from before refresh tokens existed: Square took them until 15 days after their end, and may not any more. */
  async function renewLegacy(access: string | null, merchantId: string | null, io: Io): Promise<Issued> {
    if (access === null) throw new ProviderError("reconnect", "nothing_to_renew");
    const path = `/oauth2/clients/${encodeURIComponent(settings.clientId)}/access-token/renew`;
    const answer = await call(io, path, `Client ${settings.clientSecret}`, { access_token: access });
    if (!answer.ok && answer.json) throw operatorTrouble(answer) ?? new ProviderError("reconnect", "renew_refused");
    if (answer.status === 404 || answer.status === 410) throw new ProviderError("reconnect", "renew_refused");
    return { ...issuedFrom(answer, { refreshToken: null, merchantId, pkce: false, narrow: false }, false), scopes: null };
  }

  async function refresh(grant: Grant, io: Io): Promise<Issued> {
    const held = readRenewal(grant);
    if (held === null) return renewLegacy(grant.access, grant.accountId, io);
    const narrow = held.narrow || grant.scopes.some((scope) => !settings.scopes.includes(scope));
    const fields = { grant_type: "refresh_token", refresh_token: held.refreshToken, ...(narrow ? { scopes: settings.scopes } : {}) };
    const answer = await askToken(io, fields, held.pkce, held.pkce, renewalRefused);
    const scopes = narrow ? grant.scopes.filter((scope) => settings.scopes.includes(scope)) : null;
    return { ...issuedFrom(answer, { ...held, narrow }, held.pkce), scopes };
  }

  /** Asks Square about an access token; throws for one of another application. */
  async function status(access: string, io: Io, refused: (answer: SquareAnswer) => ProviderError): Promise<Account> {
    const answer = await call(io, "/oauth2/token/status", `Bearer ${access}`, null);
    const body = answer.json;
    if (!answer.ok && body && (answer.status === 401 || answer.status === 403)) throw operatorTrouble(answer) ?? refused(answer);
    const id = cleanText(body?.merchant_id);
    if (!answer.ok || !body || id === null) throw new ProviderError("transient", "bad_answer");
    if (body.client_id !== settings.clientId) throw new ProviderError("operator", "foreign_client");
    const scopes = Array.isArray(body.scopes) ? body.scopes.flatMap((scope) => cleanText(scope) ?? []) : null;
    return { id, label: null, scopes, expiresAt: moment(body.expires_at) };
  }

  /** The seller's name where we may read it; it is never worth a failure. */
  async function storeName(access: string, io: Io): Promise<string | null> {
    const answer = await call(io, "/v2/merchants/me", `Bearer ${access}`, null).catch(() => null);
    const merchant = answer?.ok ? (answer.json?.merchant as { business_name?: unknown } | undefined) : undefined;
    return cleanText(merchant?.business_name);
  }

  return {
    kind: "redirect",
    id: "square",
    environment: sandbox ? "sandbox" : "production",
    host,
    pkce: settings.pkce,
    // Square publishes no numbers; it says when it is too much.
    pace: null,
    revocation: { endsSiblings: true, tokenOnly: true },
    policy: (renewable) => ({
      kind: "refresh_token",
      renewAfter: { s: 7 * DAY_S },
      lateAfter: { s: 8 * DAY_S },
      graceS: renewable ? null : 15 * DAY_S,
    }),
    spendsOnce: (grant) => readRenewal(grant)?.pkce === true,

    authorizationUrl: async ({ state, redirectUri, challenge, locale }) => {
      const url = new URL(`${settings.apiUrl}/oauth2/authorize`);
      url.searchParams.set("client_id", settings.clientId);
      url.searchParams.set("scope", settings.scopes.join(" "));
      url.searchParams.set("state", state);
      url.searchParams.set("redirect_uri", redirectUri);
      // The sandbox has no sign-in that could be forced.
      if (!sandbox) url.searchParams.set("session", "false");
      const known = LOCALES.find((one) => one === locale) ?? LOCALES.find((one) => one.startsWith(`${locale}-`));
      if (known) url.searchParams.set("locale", known);
      // No code_challenge_method: Square names no such parameter, the challenge alone chooses the flow.
      if (challenge) url.searchParams.set("code_challenge", challenge);
      return url.href;
    },

    readAnswer: readQuery,

    exchange: async ({ query, redirectUri, verifier }, io) => {
      const fields = { grant_type: "authorization_code", code: query.get("code"), redirect_uri: redirectUri };
      const pkce = verifier !== null;
      const refused = () => new ProviderError("declined", "code_refused");
      const answer = await askToken(io, pkce ? { ...fields, code_verifier: verifier } : fields, pkce, true, refused);
      return { ...issuedFrom(answer, { refreshToken: null, merchantId: null, pkce, narrow: false }, true), scopes: null };
    },

    refresh,

    inspect: async (grant, io) => {
      const held = readRenewal(grant);
      if (grant.access === null) throw new ProviderError("transient", "session_ended");
      const account = await status(grant.access, io, (answer) => {
        // A revoked token says so; one that is merely refused is judged by its renewal, where it has one.
        const ended = held === null || alreadyEnded(answer) === "gone";
        return ended ? new ProviderError("reconnect", "access_refused") : new ProviderError("transient", "session_ended");
      });
      if (held?.merchantId && account.id !== held.merchantId) throw new ProviderError("operator", "mixed_answer");
      const mayName = account.scopes?.includes("MERCHANT_PROFILE_READ");
      return mayName ? { ...account, label: await storeName(grant.access, io) } : account;
    },

    revoke: async (grant, io, reach) => {
      if (settings.clientSecret === "") return "local";
      const tokenOnly = reach === "token";
      const ask = async (what: object) => {
        const answer = await call(io, "/oauth2/revoke", `Client ${settings.clientSecret}`, { client_id: settings.clientId, ...what });
        if (answer.ok && answer.json?.success === true) return "gone";
        const ended = alreadyEnded(answer);
        if (ended) return ended;
        throw (answer.json && answer.status >= 400 && operatorTrouble(answer)) || new ProviderError("transient", "not_confirmed");
      };
      // Square wants one of the two, and for some versions only the token worked.
      const byToken =
        grant.access === null
          ? "unusable"
          : await ask({ access_token: grant.access, ...(tokenOnly && { revoke_only_access_token: true }) });
      const merchantId = grant.accountId ?? readRenewal(grant)?.merchantId;
      // An access token that ran out says nothing about the authorization behind it.
      if (byToken === "unusable" && !tokenOnly && merchantId) await ask({ merchant_id: merchantId });
      return "remote";
    },

    headers: (grant) => ({ Authorization: `Bearer ${grant.access}` }),

    adopt: {
      fields: [
        { name: "access_token", kind: "secret" },
        { name: "refresh_token", kind: "secret", optional: true },
        { name: "migration", kind: "choice", options: ["none", "migration_token"], initial: "none" },
      ],
      issue: (values, io) => adopted(values, io),
    },
  };

  async function adopted(
    { access_token: access = "", refresh_token: refreshToken, migration }: Record<string, string>,
    io: Io,
  ): Promise<Issued> {
    const refusedAt = (fields: Record<string, string>) => new ProviderError("declined", "form_refused", { fields });
    if (migration === "migration_token") {
      const refused = () => refusedAt({ access_token: "token_refused" });
      const answer = await askToken(io, { grant_type: "migration_token", migration_token: access }, false, false, refused);
      return { ...issuedFrom(answer, { refreshToken: null, merchantId: null, pkce: false, narrow: false }, false), scopes: null };
    }
    const account = await status(access, io, () => refusedAt({ access_token: "token_refused" })).catch((error: unknown) => {
      if (!(error instanceof ProviderError)) throw error;
      if (error.code === "foreign_client") throw refusedAt({ access_token: "foreign_client" });
      // A token that ran out is no obstacle while something can renew it.
      if (error.code === "form_refused") return null;
      throw error;
    });
    const scopes = account?.scopes ?? [];
    const rethrow = (field: string, codes: readonly string[]) => (error: unknown) => {
      throw error instanceof ProviderError && codes.includes(error.code) ? refusedAt({ [field]: error.code }) : error;
    };
    if (refreshToken) {
      // Renewed at once: that alone shows that the two tokens are whole and of one seller.
      const renewal = JSON.stringify({ v: 1, refreshToken, merchantId: account?.id ?? null, pkce: settings.pkce, narrow: false });
      const grant = { access, renewal, scopes, expiresAt: null, accountId: account?.id ?? null };
      return refresh(grant, io).catch(rethrow("refresh_token", ["refresh_refused", "mixed_answer"]));
    }
    if (account === null) return renewLegacy(access, null, io).catch(rethrow("access_token", ["renew_refused"]));
    return { access, renewal: null, expiresAt: account.expiresAt ?? null, scopes };
  }
}
