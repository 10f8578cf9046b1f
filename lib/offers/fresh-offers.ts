import { database } from "@/db/client";
import { readOfferState, readOfferVersion } from "@/db/offers";
import { log } from "@/lib/log";
import { writeCalls } from "./call-counts";
import { held, hold } from "./held";
import type { Offer } from "./offer";
import { storedOffer } from "./stored-offer";

const YOUNG_MS = 1_000;

/**
 * Sees to it that `offers()` answers as the database has it, no more than `ageMs` ago: one small read, and the whole only where something
 * changed. 0 for whatever begins a flow or judges one.
 */
export async function freshOffers(ageMs = YOUNG_MS): Promise<void> {
  const began = performance.now();
  await writeCalls();
  if (ageMs > 0 && began - held().seenAt < ageMs) return;
  const version = await readOfferVersion(database());
  if (version !== held().version) await load(began);
  // Of two who looked at once, whoever began last has seen the newer.
  else if (began > held().seenAt) hold({ ...held(), seenAt: began });
}

async function load(began: number): Promise<void> {
  const state = await readOfferState(database());
  if (began < held().seenAt) return;
  hold({
    version: state.version,
    seenAt: began,
    offers: state.offers.flatMap((row) => made(row)),
    pauses: new Map(state.pauses.map(({ offer, reason, until }) => [offer, { reason, until }])),
  });
}

/** One whose secret cannot be read is as if it were not there, and the others are. */
function made(row: Parameters<typeof storedOffer>[0]): Offer[] {
  try {
    return [storedOffer(row)];
  } catch (error) {
    log.error("offer_unusable", error, { offer: row.slug });
    return [];
  }
}
