import { env } from "@/lib/env";
import { ConfigurationError, notFound } from "@/lib/errors";
import { offersFromEnv } from "./from-env";
import type { Offer } from "./offer";

const holder = globalThis as { latchkeyOffers?: readonly Offer[] };

/** What merchants can connect. Throws ConfigurationError where an offer is described by half. */
export function offers(): readonly Offer[] {
  if (!holder.latchkeyOffers) {
    const { offers: made, faults } = offersFromEnv(env());
    if (faults.length > 0) throw new ConfigurationError(faults);
    holder.latchkeyOffers = made;
  }
  return holder.latchkeyOffers;
}

/** Throws 404 where there is none. */
export function offer(slug: string): Offer {
  const found = offers().find((candidate) => candidate.slug === slug);
  if (!found) throw notFound();
  return found;
}
