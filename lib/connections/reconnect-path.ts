import { offers } from "@/lib/offers/offers";

/** The page whose button leads to the platform; where that is not configured, the store's own. */
export function reconnectPath({ id, offer }: { id: string; offer: string }): string {
  return offers().some(({ slug }) => slug === offer) ? `/connect/${offer}?connection=${id}` : `/connections/${id}`;
}
