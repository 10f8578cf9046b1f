import type { Connection } from "@/db/connections";
import { offers } from "@/lib/offers/offers";

/** Whether there is any way to fresh access without the owner. A platform may renew by the access itself, so its policy decides. */
export function canRenew(row: Pick<Connection, "offer" | "renewable">): boolean {
  const offer = offers().find((candidate) => candidate.slug === row.offer);
  return offer !== undefined && offer.provider.policy(row.renewable).kind !== "none";
}
