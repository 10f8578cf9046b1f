import { offers } from "./offers";

/** The offers of one platform: where somebody approves at the same address, whichever environment's client asks there. */
export function samePlatform(slug: string): string[] {
  const one = offers().find((offer) => offer.slug === slug);
  if (one?.provider.kind !== "redirect") return [slug];
  const { id, host } = one.provider;
  return offers()
    .filter(({ provider }) => provider.id === id && provider.kind === "redirect" && provider.host === host)
    .map((offer) => offer.slug);
}
