import type { Account, Grant, Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { repeatable } from "./repeatable";
import { isObject, ultracartAnswer } from "./ultracart-answer";

export const ultracartVersion = { "X-UltraCart-Api-Version": "2017-03-01" };

/** There is no call "who am I" that needs no permission: the first of these that was granted proves the access. */
const PROOFS = [
  ["item_read", "/item/items?_limit=1"],
  ["customer_read", "/customer/customers?_limit=1"],
  ["order_read", "/order/orders?_limit=1"],
  ["coupon_read", "/coupon/coupons?_limit=1"],
  ["auto_order_read", "/auto_order/auto_orders?_limit=1"],
  ["webhook_read", "/webhook/webhooks?_limit=1"],
  ["tax_read", "/tax/providers"],
  ["user_read", "/user/groups"],
  ["fulfillment_read", "/fulfillment/distribution_centers"],
  ["channel_partner_read", "/channel_partner/channel_partners"],
  ["workflow_read", "/workflow/me"],
] as const;

/** Takes any permission, but is labelled internal: the last resort. */
const STOREFRONT = "/storefront";

export type ProofSettings = { apiUrl: string; scopes: readonly string[] };

/** One call with the access: "dead" where the platform does not know it, else what its objects say about the merchant. */
export async function ultracartProof(settings: ProofSettings, grant: Grant, io: Io, path = proofPath(settings, grant)) {
  const response = await repeatable(io.fetch)(`${settings.apiUrl}${path}`, {
    headers: { accept: "application/json", Authorization: `Bearer ${grant.access}`, ...ultracartVersion },
  });
  const { status, body, refusal, merchantId } = await ultracartAnswer(response, io.now(), false);
  if (status === 401) return { dead: true as const, customerText: refusal?.customerText };
  // A permission that is missing is refused to living access only.
  const lacking = refusal !== null && (status === 400 || status === 403);
  if (!lacking && body === null) throw new ProviderError("transient", "bad_answer");
  return { dead: false as const, path, merchantId: merchantId ?? only(body, "merchant_id"), name: only(body, "host_name") };
}

/** The merchant is learnt from whatever objects the proof shows; a shop without any is asked for its storefront once. */
export async function ultracartAccount(settings: ProofSettings, grant: Grant, io: Io): Promise<Account> {
  const proof = await ultracartProof(settings, grant, io);
  if (proof.dead) {
    // Without a known, unreached end this may be nothing but old access, which a refresh replaces.
    const old = grant.renewal !== null && (grant.expiresAt === null || grant.expiresAt <= io.now());
    throw new ProviderError(old ? "transient" : "reconnect", old ? "access_stale" : "access_refused", { customerText: proof.customerText });
  }
  const asked = proof.merchantId === null && grant.accountId === null && proof.path !== STOREFRONT;
  const named = asked ? await storefront(settings, grant, io) : proof;
  const id = proof.merchantId ?? named?.merchantId ?? null;
  return { id, label: named?.name ?? id };
}

/** Null where that internal call does not serve us: the access is proved already, and the connection goes without an id. */
async function storefront(settings: ProofSettings, grant: Grant, io: Io) {
  try {
    const proof = await ultracartProof(settings, grant, io, STOREFRONT);
    return proof.dead ? null : proof;
  } catch (error) {
    if (error instanceof ProviderError && error.code !== "rate_limited" && error.trouble === "transient") return null;
    throw error;
  }
}

function proofPath(settings: ProofSettings, grant: Grant): string {
  const granted = grant.scopes.length > 0 ? grant.scopes : settings.scopes;
  return PROOFS.find(([scope]) => granted.includes(scope))?.[1] ?? STOREFRONT;
}

/** The value that every object in the answer has under `name`; null where there is none or more than one, since then none is stable. */
function only(body: Record<string, unknown> | null, name: string): string | null {
  const objects = [body, ...Object.values(body ?? {}).flat()].filter(isObject);
  const found = new Set(objects.map((object) => cleanText(object[name], 100)).filter((text) => text !== null));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}
