import { ProviderError } from "@/lib/providers/provider-error";
import { readJson } from "./read-json";
import { word } from "./word";

export type SquareAnswer = { status: number; ok: boolean; json: Record<string, unknown> | null };

/** What an answer says in either envelope: `errors` of version 2, or the older `message` and `type`. */
type Said = { codes: readonly string[]; fields: readonly string[]; type: string; message: string };

export async function readSquareAnswer(response: Response): Promise<SquareAnswer> {
  const json = await readJson(response);
  // An error in a body wins over its status.
  const failed =
    json !== null &&
    (Boolean(json.error) ||
      (Array.isArray(json.errors) && json.errors.length > 0) ||
      (typeof json.type === "string" && typeof json.message === "string"));
  return { status: response.status, ok: response.status === 200 && !failed, json };
}

export function said({ json }: SquareAnswer): Said {
  const errors = (Array.isArray(json?.errors) ? json.errors : []).filter(
    (one): one is Record<string, unknown> => typeof one === "object" && one !== null,
  );
  return {
    codes: errors.map((one) => word(one.code)),
    fields: errors.map((one) => word(one.field)),
    type: typeof json?.type === "string" ? json.type : "",
    message: typeof json?.message === "string" ? json.message : "",
  };
}

const OURS = new Set(["client_id", "client_secret", "redirect_uri", "scopes", "grant_type", "Square-Version"]);

/** A JSON refusal that is the operator's matter, told apart by its shape because one status means several things; null: somebody else's. */
export function operatorTrouble(answer: SquareAnswer): ProviderError | null {
  const { codes, fields, type, message } = said(answer);
  if (codes.includes("CLIENT_DISABLED") || codes.includes("APPLICATION_DISABLED"))
    return new ProviderError("operator", "application_disabled");
  // The same type with another message is about a token.
  if (type === "service.not_authorized" && /^not authorized\.?$/i.test(message.trim()))
    return new ProviderError("operator", "invalid_client");
  if (/bad authorization header/i.test(message)) return new ProviderError("operator", "bad_request");
  if (codes.includes("MISSING_REQUIRED_PARAMETER") || fields.some((field) => OURS.has(field)))
    return new ProviderError("operator", "bad_request");
  return codes.includes("RATE_LIMITED") ? new ProviderError("transient", "rate_limited") : null;
}

/** Whether a refused renewal is about the token itself: only then can the owner help. */
export function refusesToken(answer: SquareAnswer): boolean {
  const { codes, fields, type, message } = said(answer);
  if (type === "oauth.revoked" || type === "oauth.expired" || fields.includes("refresh_token")) return true;
  if (/refresh token|revoked token|expired token/i.test(message)) return true;
  return answer.status === 401 && codes.some((code) => ["UNAUTHORIZED", "ACCESS_TOKEN_REVOKED", "ACCESS_TOKEN_EXPIRED"].includes(code));
}

/** What a refused revocation says about what should end: it has ended ("gone"), it has merely run out or is unknown ("unusable"), or nothing (null). */
export function alreadyEnded(answer: SquareAnswer): "gone" | "unusable" | null {
  const { codes, type } = said(answer);
  if (type === "oauth.revoked" || codes.includes("ACCESS_TOKEN_REVOKED")) return "gone";
  return type === "oauth.expired" || type === "not_found" || codes.some((code) => code === "ACCESS_TOKEN_EXPIRED" || code === "NOT_FOUND")
    ? "unusable"
    : null;
}
