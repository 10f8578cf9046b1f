import { offers } from "@/lib/offers/offers";

/** Its access needs no renewal in time: whoever needs it has it fetched, and nothing is planned while nobody does. */
export function isFetchedOnDemand(offer: string): boolean {
  const kind = offers()
    .find(({ slug }) => slug === offer)
    ?.provider.policy(true).kind;
  return kind === "on_demand" || kind === "static_key";
}
