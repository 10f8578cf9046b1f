import type { Account, Io, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { moment } from "./lifetime";
import { operatorTrouble, readSquareAnswer, type SquareAnswer, said } from "./square-answer";
import { issuedFrom, NOTHING_HELD } from "./square-grant";
import { unsettled } from "./unsettled";

type Settings = { clientId: string; clientSecret: string; apiUrl: string; version: string };

/** Square's calls; where the secret goes differs per call: into the body, or into a header with the word `Client`. */
export function squareCalls(settings: Settings) {
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

  /** Tokens from before refresh tokens existed: Square took them until 15 days after their end, and may not any more. */
  async function renewLegacy(access: string | null, merchantId: string | null, io: Io): Promise<Issued> {
    if (access === null) throw new ProviderError("reconnect", "nothing_to_renew");
    const path = `/oauth2/clients/${encodeURIComponent(settings.clientId)}/access-token/renew`;
    const answer = await call(io, path, `Client ${settings.clientSecret}`, { access_token: access });
    if (!answer.ok && answer.json) throw operatorTrouble(answer) ?? new ProviderError("reconnect", "renew_refused");
    if (answer.status === 404 || answer.status === 410) throw new ProviderError("reconnect", "renew_refused");
    return { ...issuedFrom(answer, { ...NOTHING_HELD, merchantId }, false), scopes: null };
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

  return { call, askToken, renewLegacy, status, storeName };
}
