import type { AttemptView } from "@/lib/connections/show-attempt";
import { connectBase } from "./connect-base";

// Where an attempt is started again: with the same platform, store and name.
export function againHref({ offer, id, reconnecting, store, link }: AttemptView): string {
  const page = `${connectBase(link)}/${offer}`;
  return reconnecting && store ? `${page}?connection=${store.id}` : `${page}?again=${id}`;
}
