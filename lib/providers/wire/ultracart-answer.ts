import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText, textForPeople } from "./clean-text";
import { readJson } from "./read-json";
import { unsettled } from "./unsettled";
import { word } from "./word";

/** A refusal in one of UltraCart's two forms: OAuth's `error` word beside the token fields, or the error envelope of its API. */
export type Refusal = {
  /** OAuth's word; null in the envelope's form. */
  error: string | null;
  /** What the platform wrote for developers: judged, never shown. */
  text: string;
  /** The envelope's `user_message`, which is meant for people. */
  customerText: string | undefined;
};

/** `body` where it answers, `refusal` where UltraCart itself refused; both null where neither could be read. */
type Answered = { status: number; body: Record<string, unknown> | null; refusal: Refusal | null; merchantId: string | null };

/**
 * Reads an answer of UltraCart, where 200 with an `error` is a refusal too; throws what is alike for every call (410, 429,
 * 5xx), `spends` as in `unsettled`. The header tells as much as the body, which may be no JSON.
 */
export async function ultracartAnswer(response: Response, now: Date, spends: boolean): Promise<Answered> {
  const body = await readJson(response);
  const envelope = isObject(body?.error) ? body.error : null;
  const told = response.status === 200 ? Number(word(envelope?.error_code)) : Number.NaN;
  const status = told >= 400 && told < 600 ? told : response.status;
  // The application as a whole was switched off: no merchant can help, so none is asked to.
  if (status === 410) throw new ProviderError("operator", "app_disabled");
  const trouble = unsettled(new Response(null, { status, headers: response.headers }), now, spends);
  if (trouble) throw trouble;

  const header = cleanText(response.headers.get("uc-rest-error"), 500);
  const error = typeof body?.error === "string" && body.error !== "" ? body.error : null;
  // A member that is neither a word nor an envelope still says that something failed.
  const failed = Boolean(body?.error) || body?.success === false;
  const merchantId = cleanText(response.headers.get("uc-rest-error-merchant-id"), 100);
  if (!failed && header === null) {
    return { status, body: status === 200 ? body : null, refusal: null, merchantId };
  }
  const words = [header, cleanText(envelope?.developer_message, 500), cleanText(body?.error_description, 500)];
  const refusal = { error, text: words.filter(Boolean).join(" "), customerText: textForPeople(envelope?.user_message) ?? undefined };
  return { status, body: null, refusal, merchantId };
}

const OURS = new Set(["invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "redirect_uri_mismatch"]);
const TROUBLED = new Set(["server_error", "temporarily_unavailable"]);
const ENDED = new Set(["invalid_grant", "invalid_token", "access_denied"]);

/** Our registration's fault. The envelope has no word for it, only a sentence that names what is wrong. */
export function oursToMend(refusal: Refusal): ProviderError | null {
  if (refusal.error !== null && OURS.has(refusal.error)) return new ProviderError("operator", refusal.error);
  if (/\bclient[ _-]?(id|secret)\b/i.test(refusal.text)) return new ProviderError("operator", "invalid_client");
  return /\bredirect[ _-]?ur[il]\b/i.test(refusal.text) ? new ProviderError("operator", "redirect_uri_mismatch") : null;
}

export function codeRefused(refusal: Refusal): ProviderError {
  const ours = oursToMend(refusal);
  if (ours) return ours;
  if (refusal.error !== null && TROUBLED.has(refusal.error)) return new ProviderError("doubt", refusal.error);
  return new ProviderError("declined", "code_refused", { customerText: refusal.customerText });
}

/** All but the refresh token is constant in that call, so a refusal in words means it; an unknown OAuth word never demotes a merchant. */
export function refreshRefused(refusal: Refusal): ProviderError {
  const ours = oursToMend(refusal);
  if (ours) return ours;
  if (refusal.error !== null && TROUBLED.has(refusal.error)) return new ProviderError("transient", refusal.error);
  if (refusal.error !== null && !ENDED.has(refusal.error)) return new ProviderError("transient", "refused_unclearly");
  return new ProviderError("reconnect", "refresh_refused", { customerText: refusal.customerText });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
