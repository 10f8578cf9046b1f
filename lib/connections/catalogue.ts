import { findOpenAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import type { Offer } from "@/lib/offers/offer";
import { offer as findOffer, offers } from "@/lib/offers/offers";
import type { Field } from "@/lib/providers/contract";

export type OfferView = {
  slug: string;
  provider: string;
  platformName: string | null;
  environment: string;
  kind: "redirect" | "credentials";
  host: string | null;
  fields: readonly Field[];
  importFields: readonly Field[];
  /** Where the platform sends the merchant back to: what its console must know. */
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
};

function offerView({ slug, name, provider }: Offer): OfferView {
  return {
    slug,
    provider: provider.id,
    platformName: name,
    environment: provider.environment,
    kind: provider.kind,
    host: provider.kind === "redirect" ? provider.host : null,
    fields: provider.kind === "credentials" ? provider.fields : [],
    importFields: provider.adopt.fields,
    revocation: provider.revocation,
  };
}

/** What can be connected. */
export function catalogue(): OfferView[] {
  return offers().map(offerView);
}

/** One platform's page, and this person's attempt there that is still on its way. Throws 404. */
export async function catalogueEntry(actor: UserActor, slug: string): Promise<{ offer: OfferView; openAttemptId: string | null }> {
  for (const merchant of actor.merchants.slice(0, 1)) authorize(actor, "connection.connect", { merchantId: merchant.id });
  const found = offerView(findOffer(slug));
  const open = await findOpenAttempt(database(), actor.id, slug);
  return { offer: found, openAttemptId: open?.id ?? null };
}
