import type { Grant, Io, Issued, RedirectProvider } from "./contract";
import { ProviderError } from "./provider-error";
import { readQuery } from "./wire/read-query";
import { alreadyEnded, operatorTrouble, refusesToken, type SquareAnswer } from "./wire/square-answer";
import { squareCalls } from "./wire/square-calls";
import { issuedFrom, NOTHING_HELD, readRenewal } from "./wire/square-grant";
import { squareNotice } from "./wire/square-notice";
import { printable } from "./wire/standard-token-answer";

export type SquareSettings = {
  clientId: string;
  /** Empty: a public client, which cannot revoke by a call. */
  clientSecret: string;
  scopes: readonly string[];
  pkce: boolean;
  apiUrl: string;
  /** The API version that every call names. */
  version: string;
  /** The signature key of the webhook subscription; null: there is none. */
  webhookKey: string | null;
};

const LOCALES = ["en-US", "en-CA", "en-IE", "es-US", "fr-CA", "ja-JP"];
const DAY_S = 86_400;

/** Square's OAuth: JSON, an absolute end instead of a lifetime, no scopes in the token answer, and a 401 with three meanings. */
export function square(settings: SquareSettings): RedirectProvider {
  const host = new URL(settings.apiUrl).host;
  const sandbox = host.includes("sandbox");

  const { call, askToken, renewLegacy, status, storeName } = squareCalls(settings);

  const renewalRefused = (answer: SquareAnswer) =>
    refusesToken(answer) ? new ProviderError("reconnect", "refresh_refused") : new ProviderError("transient", "bad_answer");

  async function refresh(grant: Grant, io: Io): Promise<Issued> {
    const held = readRenewal(grant);
    if (held === null) return renewLegacy(grant.access, grant.accountId, io);
    const narrow = held.narrow || grant.scopes.some((scope) => !settings.scopes.includes(scope));
    const fields = { grant_type: "refresh_token", refresh_token: held.refreshToken, ...(narrow ? { scopes: settings.scopes } : {}) };
    const answer = await askToken(io, fields, held.pkce, held.pkce, renewalRefused);
    const scopes = narrow ? grant.scopes.filter((scope) => settings.scopes.includes(scope)) : null;
    return { ...issuedFrom(answer, { ...held, narrow }, held.pkce), scopes };
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
      return { ...issuedFrom(answer, { ...NOTHING_HELD, pkce }, true), scopes: null };
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
    apiUrl: () => settings.apiUrl.replace(/\/+$/, ""),

    ...(settings.webhookKey !== null && { notice: squareNotice(settings.webhookKey) }),

    adopt: {
      fields: [
        { name: "access_token", kind: "secret" },
        { name: "refresh_token", kind: "secret", optional: true },
        { name: "migration", kind: "choice", options: ["none", "migration_token"], initial: "none" },
      ],
      issue: (values, io) => adopted(values, io),
    },
  };

  async function adopted(values: Record<string, string>, io: Io): Promise<Issued> {
    const access = values.access_token?.trim() ?? "";
    const refreshToken = values.refresh_token?.trim();
    const refusedAt = (fields: Record<string, string>) => new ProviderError("declined", "form_refused", { fields });
    if (!printable(access)) throw refusedAt({ access_token: access === "" ? "required" : "bad_characters" });
    if (values.migration === "migration_token") {
      const refused = () => refusedAt({ access_token: "token_refused" });
      const answer = await askToken(io, { grant_type: "migration_token", migration_token: access }, false, false, refused);
      return { ...issuedFrom(answer, NOTHING_HELD, false), scopes: null };
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
