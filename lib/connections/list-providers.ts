import { database } from "@/db/client";
import { openIncidents } from "@/db/incidents";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { platformName } from "@/lib/offers/platform-name";
import { connectable, type Doing, type OfferView } from "./catalogue";

export type ProviderView = OfferView &
  Doing & {
    name: string;
    /** It refuses our own client just now, which is ours to mend. */
    incident: boolean;
  };

/** The platforms that a backend can name, and how each of them does. */
export async function listProviders(actor: KeyActor): Promise<ProviderView[]> {
  authorize(actor, "provider.list");
  const [published, incidents] = await Promise.all([connectable(), openIncidents(database())]);
  const failing = new Set(incidents.map(({ offer }) => offer));
  return published
    .filter(({ slug }) => actor.offers === null || actor.offers.includes(slug))
    .map((offer) => ({ ...offer, name: platformName(offer.slug, "en"), incident: failing.has(offer.slug) }));
}
