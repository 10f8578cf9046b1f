import { createHmac, timingSafeEqual } from "node:crypto";
import type { Notice } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { moment } from "./lifetime";

type Request = { url: string; headers: Headers; body: Uint8Array };

/** Square signs the registered address and the raw body. The older header, of SHA-1, may still come and counts for nothing. */
export function squareNotice(key: string): (request: Request) => Notice | null {
  return ({ url, headers, body }) => {
    const expected = Buffer.from(createHmac("sha256", key).update(url).update(body).digest("base64"));
    // As text: a decoder takes more than one text for the same bytes.
    const given = Buffer.from(headers.get("x-square-hmacsha256-signature") ?? "");
    const equal = given.length === expected.length && timingSafeEqual(given, expected);
    if (!equal || body.length === 0) throw new ProviderError("declined", "bad_signature");
    return readNotice(Buffer.from(body).toString());
  };
}

type Told = {
  type?: unknown;
  event_id?: unknown;
  merchant_id?: unknown;
  created_at?: unknown;
  data?: { object?: { revocation?: { revoked_at?: unknown } | null } | null } | null;
};

/** Null for every other event, and for one that leaves out what it is about. */
function readNotice(text: string): Notice | null {
  const told = parse(text);
  if (told?.type !== "oauth.authorization.revoked") return null;
  const [eventId, accountId] = [cleanText(told.event_id), cleanText(told.merchant_id)];
  const at = moment(told.data?.object?.revocation?.revoked_at) ?? moment(told.created_at);
  return eventId === null || accountId === null || at === null ? null : { eventId, kind: "revoked", accountId, at };
}

function parse(text: string): Told | null {
  try {
    return JSON.parse(text) as Told | null;
  } catch {
    return null;
  }
}
