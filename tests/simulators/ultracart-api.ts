import type { Store } from "./consent-page";
import { json, type Simulator } from "./simulator";

/** Whom the bearer token speaks for. */
export type Shown = { store: Store; scopes: string[] };

/** Permission, payload's name, whether its objects carry the merchant's id. */
const CALLS: Record<string, [scope: string, payload: string, named: boolean]> = {
  "/item/items": ["item_read", "items", true],
  "/customer/customers": ["customer_read", "customers", true],
  "/order/orders": ["order_read", "orders", true],
  "/coupon/coupons": ["coupon_read", "coupons", false],
  "/auto_order/auto_orders": ["auto_order_read", "auto_orders", false],
  "/webhook/webhooks": ["webhook_read", "webhooks", true],
  "/tax/providers": ["tax_read", "providers", false],
  "/user/groups": ["user_read", "groups", false],
  "/fulfillment/distribution_centers": ["fulfillment_read", "distribution_centers", false],
  "/channel_partner/channel_partners": ["channel_partner_read", "channel_partners", false],
  "/workflow/me": ["workflow_read", "me", false],
};

/** The calls that prove access, each with the permission that it needs. */
export function ultracartApi(path: string, query: URLSearchParams, shown: Shown | null, switches: Simulator["switches"]): Response {
  if (!shown) return refuse(401, "the access token is not valid");
  if (path === "/storefront") {
    if (switches.storefront !== 200) return refuse(Number(switches.storefront), "for internal use");
    const host = `${shown.store.id.toLowerCase()}.example`;
    return json(200, { success: true, metadata: {}, storeFronts: [{ storefront_oid: 7, host_name: host, merchant_id: shown.store.id }] });
  }
  const call = CALLS[path];
  if (!call) return refuse(404, "there is no such call");
  const [scope, payload, named] = call;
  if (!shown.scopes.includes(scope)) {
    return refuse(Number(switches.ungranted), `the permission ${scope} was not granted`, shown.store.id);
  }
  if (named && query.get("_limit") === null) return refuse(400, "_limit is required here");
  const one = named ? { merchant_id: shown.store.id, description: shown.store.name } : { description: shown.store.name };
  const list = switches.emptyShop === true ? [] : [one];
  return json(200, { success: true, metadata: { payload_name: payload, result_set: { count: list.length } }, [payload]: list });
}

/** The error envelope and its header, as every call of UltraCart refuses. */
export function refuse(status: number, text: string, merchantId?: string): Response {
  const headers = { "uc-rest-error": text, ...(merchantId ? { "uc-rest-error-merchant-id": merchantId } : {}) };
  const error = {
    developer_message: `developer: ${text}`,
    user_message: `UltraCart says: ${text}`,
    error_code: String(status),
    more_info: "",
    object_id: "",
  };
  return json(status, { error, metadata: {}, success: false, warning: { more_info: "", warning_message: "" } }, headers);
}
