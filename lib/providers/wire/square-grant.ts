import type { Grant, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { moment } from "./lifetime";
import type { SquareAnswer } from "./square-answer";
import { printable } from "./standard-token-answer";
import { word } from "./word";

/** `narrow`: Square would give more than is configured, so every renewal asks for less. Grants without a refresh token have no renewal at all. */
export type SquareRenewal = { v: 1; refreshToken: string; merchantId: string | null; pkce: boolean; narrow: boolean };

export function readRenewal(grant: Grant): SquareRenewal | null {
  return grant.renewal === null ? null : (JSON.parse(grant.renewal) as SquareRenewal);
}

type Before = { refreshToken: string | null; merchantId: string | null; pkce: boolean; narrow: boolean };
export const NOTHING_HELD: Before = { refreshToken: null, merchantId: null, pkce: false, narrow: false };

/** A token answer as the new truth. `doubtful`: what was sent may be spent, so an answer without a token settles nothing. */
export function issuedFrom(answer: SquareAnswer, before: Before, doubtful: boolean): Omit<Issued, "scopes"> {
  const body = answer.json;
  const access = body?.access_token;
  if (!answer.ok || typeof access !== "string" || !printable(access) || word(body?.token_type).toLowerCase() !== "bearer") {
    throw new ProviderError(doubtful ? "doubt" : "transient", "bad_answer");
  }
  const merchantId = cleanText(body?.merchant_id) ?? before.merchantId;
  if (before.merchantId !== null && merchantId !== before.merchantId) throw new ProviderError("operator", "mixed_answer");
  const refreshToken = typeof body?.refresh_token === "string" && body.refresh_token !== "" ? body.refresh_token : before.refreshToken;
  const renewal: SquareRenewal | null =
    refreshToken === null ? null : { v: 1, refreshToken, merchantId, pkce: before.pkce, narrow: before.narrow };
  return {
    access,
    renewal: renewal && JSON.stringify(renewal),
    expiresAt: moment(body?.expires_at),
    renewableUntil: moment(body?.refresh_token_expires_at),
  };
}
