import { database } from "@/db/client";
import { closedOffers } from "@/db/closed-offers";
import { gateOf } from "@/lib/connections/open-io";
import { offers } from "@/lib/offers/offers";
import type { BulkAct } from "./acts";

/**
 * Platforms at which an act waits: they asked to be left alone, refuse our client, or an admin holds them back. Ending access here waits for
 * nobody.
 */
export async function resting(act: BulkAct): Promise<Set<string>> {
  if (act === "revoke") return new Set();
  return closedOffers(database(), new Map(offers().map((offer) => [offer.slug, gateOf(offer)])));
}
