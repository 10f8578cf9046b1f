import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { insertTry } from "@/db/offer-tries";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type Consent, callbackUrl } from "@/lib/connections/begin-consent";
import { randomSecret, sha256 } from "@/lib/connections/browser-secret";
import { type OpenIo, openIo } from "@/lib/connections/open-io";
import { AppError, notFound } from "@/lib/errors";
import { ProviderError } from "@/lib/providers/provider-error";
import { seal } from "@/lib/vault";
import { freshOffers } from "./fresh-offers";
import { offer as findOffer } from "./offers";

/**
 * An admin's own consent at a platform, published or not, to see whether it works. It belongs to no merchant and makes no connection. Throws 404
 * where nobody is sent to the platform, 503 where its metadata cannot be read.
 */
export async function beginTry(actor: UserActor, slug: string, locale: string, open: OpenIo = openIo): Promise<Consent> {
  authorize(actor, "providers.manage");
  await freshOffers(0);
  const offer = findOffer(slug);
  const { provider } = offer;
  if (provider.kind !== "redirect") throw notFound();
  const [state, browserSecret] = [randomSecret(), randomSecret()];
  const verifier = provider.pkce ? randomSecret() : null;
  const redirectUri = callbackUrl(slug);
  const io = await open(offer, { merchantId: "", connectionId: null, connecting: true });
  const url = await provider
    .authorizationUrl({ state, redirectUri, challenge: verifier === null ? null : sha256(verifier), locale }, io)
    .catch((error: unknown) => {
      if (error instanceof ProviderError) throw new AppError("platform_unreachable", 503, { platform: slug });
      throw error;
    });
  const id = newId("try");
  await transaction(async (tx) => {
    await insertTry(tx, {
      id,
      offer: slug,
      offerFingerprint: offer.fingerprint,
      userId: actor.id,
      stateHash: sha256(state),
      browserHash: sha256(browserSecret),
      redirectUri,
      verifier: verifier === null ? null : seal(verifier, { table: "offer_tries", column: "verifier", row: id, merchant: "" }),
    });
    await insertEvent(tx, { kind: "offer.try_started", actor, facts: { offer: slug, try: id } });
  });
  return { attemptId: id, url, host: new URL(url).host, browserSecret };
}
