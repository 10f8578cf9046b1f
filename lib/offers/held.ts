import { env } from "@/lib/env";
import { ConfigurationError } from "@/lib/errors";
import { offersFromEnv } from "./from-env";
import type { Offer } from "./offer";

/** What this process holds of the database's platforms and pauses, as `version` has them. */
export type Held = {
  version: string | null;
  /** When it was last seen to be the newest, by performance.now(). */
  seenAt: number;
  offers: readonly Offer[];
  pauses: ReadonlyMap<string, { reason: string; until: Date }>;
};

// Next bundles this module several times, and all of it is one process.
const holder = globalThis as { latchkeyOffers?: readonly Offer[]; latchkeyStoredOffers?: Held };

const NOTHING: Held = { version: null, seenAt: Number.NEGATIVE_INFINITY, offers: [], pauses: new Map() };

export const held = (): Held => holder.latchkeyStoredOffers ?? NOTHING;

export function hold(next: Held): void {
  holder.latchkeyStoredOffers = next;
}

/** What the environment describes. Throws ConfigurationError where that is done by half. */
export function configured(): readonly Offer[] {
  if (!holder.latchkeyOffers) {
    const { offers: made, faults } = offersFromEnv(env());
    if (faults.length > 0) throw new ConfigurationError(faults);
    holder.latchkeyOffers = made;
  }
  return holder.latchkeyOffers;
}
