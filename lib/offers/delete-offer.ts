import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { closeIncident, findIncident } from "@/db/incidents";
import { removePause } from "@/db/offer-pauses";
import { countHolding, lockStoredOffer, removeOffer } from "@/db/offers";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { requireRecent } from "@/lib/auth/recently";
import { AppError, notFound } from "@/lib/errors";
import { freshOffers } from "./fresh-offers";

/** Counted no further: more of them are simply many. */
export const MOST_HELD = 1_000;

/**
 * Forgets a platform, its secrets and its pause, and closes its incident, which nobody could end any more. Throws 422 `name` where `typed` is not its name, 409 `in_use` where a connection still holds something
 * of it: nobody could end that any more.
 */
export async function deleteOffer(actor: UserActor, slug: string, typed: string): Promise<void> {
  authorize(actor, "providers.manage");
  requireRecent(actor, await readClock(database()));
  await transaction(async (tx) => {
    const row = await lockStoredOffer(tx, slug);
    if (!row) throw notFound();
    if (typed.trim() !== row.settings.name) throw new AppError("name", 422);
    if ((await countHolding(tx, slug, 1)) > 0) throw new AppError("in_use", 409);
    await removeOffer(tx, slug);
    await removePause(tx, slug);
    const refused = await findIncident(tx, slug);
    const closed = refused && (await closeIncident(tx, refused.id));
    if (closed)
      await insertEvent(tx, { kind: "incident.closed", actor, facts: { incident: closed.id, offer: slug, probes: closed.probes } });
    await insertEvent(tx, { kind: "offer.deleted", actor, facts: { offer: slug, name: row.settings.name } });
  });
  await freshOffers(0);
}
