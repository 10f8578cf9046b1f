import type { Issued } from "@/lib/providers/contract";
import { keepSecret } from "@/tests/leaks/run-folder";
import { norceApplication, norceSlug, type Plan } from "./plan";
import { noonKeyId, type SecretKind, secretOf } from "./secrets";
import type { Seeding } from "./seeding";

export const SCOPES = {
  square: ["MERCHANT_PROFILE_READ", "ORDERS_READ", "ITEMS_READ"],
  ultracart: ["item_read", "order_read"],
  oauth2: ["openid", "orders.read"],
  noon: ["listing.write", "order.read"],
  norce: [],
} as const;

/** The integrator's project, which every merchant's key belongs to. */
export const NOON_PROJECT = "PRJ900001";
export const noonChannel = (index: number): string => `store-demo-${index}@p900001.idp.noon.partners`;
export const norceClient = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;

/** What its platform gave for a row, in the form that the product's own provider keeps it in. */
export function issuedTo(seeding: Seeding, plan: Plan): Issued {
  const { index, offer, accountId, environment } = plan;
  const held = { expiresAt: date(plan.expiresAt), renewableUntil: date(plan.renewableUntil), scopes: [...SCOPES[offer]] as string[] };
  const secret = (kind: SecretKind) => keepSecret(kind, secretOf(seeding, kind, index));
  const renewal = (value: object) => (plan.renewable ? JSON.stringify({ v: 1, ...value }) : null);
  switch (offer) {
    case "square": {
      const refreshToken = secret("square-refresh");
      const kept = { refreshToken, merchantId: accountId, pkce: false, narrow: false };
      return { ...held, access: secret("square-access"), renewal: renewal(kept) };
    }
    case "ultracart": {
      const refresh_token = secret("ultracart-refresh");
      return { ...held, access: secret("ultracart-access"), renewal: renewal({ refresh_token }) };
    }
    case "oauth2": {
      const refreshToken = secret("oauth2-refresh");
      return { ...held, access: secret("oauth2-access"), renewal: renewal({ refreshToken }) };
    }
    case "noon": {
      const { privateKey } = seeding.noonKey;
      const key = { keyId: noonKeyId(seeding, index), privateKey, channelIdentifier: noonChannel(index), keyProjectCode: NOON_PROJECT };
      return { ...held, access: null, renewal: renewal({ step: "key", ...key, projectCode: accountId, mixed: false }) };
    }
    case "norce": {
      const kept = {
        mode: "commerce",
        slug: norceSlug(index),
        region: "se",
        api_origin: "",
        environment,
        client_id: norceClient(index),
        client_secret: secret("norce-secret"),
        application_id: String(norceApplication(index)),
        scopes: [environment],
      };
      return { ...held, access: null, renewal: renewal(kept), scopes: [environment] };
    }
  }
}

export const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
