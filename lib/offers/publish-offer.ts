import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { lockStoredOffer, updateOffer } from "@/db/offers";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { freshOffers } from "./fresh-offers";
import { fingerprintOf } from "./stored-offer";

/**
 * Shows a draft to merchants. Throws 409 `unproved` where no dry run of it as it is went well, unless `unproved` says that this is meant.
 */
export async function publishOffer(actor: UserActor, slug: string, unproved = false): Promise<void> {
  authorize(actor, "providers.manage");
  await transaction(async (tx) => {
    const row = await lockStoredOffer(tx, slug);
    if (!row) throw notFound();
    const proved = row.provedAs === fingerprintOf(slug, row.settings);
    if (!proved && !unproved) throw new AppError("unproved", 409);
    if (row.published) return;
    await updateOffer(tx, slug, { published: true });
    await insertEvent(tx, { kind: "offer.published", actor, facts: { offer: slug, name: row.settings.name, proved } });
  });
  await freshOffers(0);
}

/** No new store is connected there; those that are go on, and can be reconnected. */
export async function unpublishOffer(actor: UserActor, slug: string): Promise<void> {
  authorize(actor, "providers.manage");
  await transaction(async (tx) => {
    const row = await lockStoredOffer(tx, slug);
    if (!row) throw notFound();
    if (!row.published) return;
    await updateOffer(tx, slug, { published: false });
    await insertEvent(tx, { kind: "offer.unpublished", actor, facts: { offer: slug, name: row.settings.name } });
  });
  await freshOffers(0);
}
