import { createHash } from "node:crypto";
import type { OfferSettings, OfferState } from "@/db/offers";
import type { Sealed } from "@/db/sealed";
import { env } from "@/lib/env";
import { registry } from "@/lib/providers/registry";
import { type Place, seal, unseal } from "@/lib/vault";
import type { Offer } from "./offer";
import { offerFingerprint } from "./offer-fingerprint";

const place = (id: string): Place => ({ table: "offer_secrets", column: "value", row: id, merchant: "" });

export const sealClientSecret = (id: string, secret: string): Sealed => seal(secret, place(id));

/** What flows on their way rely on: words for people, and where backends call, may change under them. */
function wire({ help: _help, allows: _allows, monogram: _monogram, apiUrl: _apiUrl, ...open }: OfferSettings) {
  // The database gives an object's keys back in an order of its own.
  return Object.fromEntries(Object.entries(open).sort(([one], [other]) => (one < other ? -1 : 1)));
}

export const fingerprintOf = (slug: string, settings: OfferSettings): string => offerFingerprint(slug, wire(settings));

/** Other settings, another version: whoever changes them says which ones they saw. */
export const versionOf = (settings: OfferSettings): string =>
  createHash("sha256").update(JSON.stringify(settings)).digest("base64url").slice(0, 16);

/** Throws an Error that names the settings that cannot work. */
export function providerOf({ help: _help, allows: _allows, monogram: _monogram, ...open }: OfferSettings, clientSecret: string | null) {
  return registry.oauth2({ ...open, apiUrl: open.apiUrl ?? null, clientSecret, allowInsecure: env().LATCHKEY_ALLOW_PRIVATE_NETWORK });
}

/** A platform of the database as the product uses it. Throws VaultError where its secret cannot be read. */
export function storedOffer({ slug, settings, published, secret }: OfferState["offers"][number]): Offer {
  const provider = providerOf(settings, secret === null ? null : unseal(secret.value, place(secret.id)));
  const { name, monogram, help, allows, clientId, scopes } = settings;
  return {
    slug,
    name,
    provider,
    fingerprint: fingerprintOf(slug, settings),
    client: { id: clientId, scopes },
    stored: { published, texts: { monogram, help, allows }, secretId: secret?.id ?? null },
  };
}
