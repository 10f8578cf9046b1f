import { notFound } from "@/lib/errors";
import { configured, held } from "./held";
import type { Offer } from "./offer";

let joined: { of: readonly [readonly Offer[], readonly Offer[]]; all: readonly Offer[] } | undefined;

/**
 * Every platform, drafts included: those of the environment, which win over the database's of the same slug. As of the last `freshOffers()`,
 * which every request and every round of background work begins with. Throws ConfigurationError where one is described by half.
 */
export function offers(): readonly Offer[] {
  const [fixed, stored] = [configured(), held().offers];
  if (joined?.of[0] !== fixed || joined.of[1] !== stored) {
    const names = new Set(fixed.map(({ slug }) => slug));
    joined = { of: [fixed, stored], all: [...fixed, ...stored.filter(({ slug }) => !names.has(slug))] };
  }
  return joined.all;
}

/** Throws 404 where there is none. */
export function offer(slug: string): Offer {
  const found = offers().find((candidate) => candidate.slug === slug);
  if (!found) throw notFound();
  return found;
}

/** Whether new stores may be connected there. */
export const isPublished = ({ stored }: Offer): boolean => stored?.published ?? true;

/** An admin holds its renewals back until then, if that is yet to come: whoever knows the time judges. Null: nobody does. */
export function pauseOf(slug: string): { reason: string; until: Date } | null {
  return held().pauses.get(slug) ?? null;
}
