import type { AttemptView } from "@/lib/connections/show-attempt";

// Where an attempt is started again: with the same platform, store and name.
export function againHref({ offer, id, reconnecting, store }: AttemptView): string {
  return reconnecting && store ? `/connect/${offer}?connection=${store.id}` : `/connect/${offer}?again=${id}`;
}
