import type { LinkRow } from "@/db/connect-links";

/** Why a link cannot be begun with any more. */
export type Closed = "used" | "revoked" | "expired";

export function closedBy({ usedAt, revokedAt, expired }: Pick<LinkRow, "usedAt" | "revokedAt" | "expired">): Closed | null {
  if (usedAt) return "used";
  if (revokedAt) return "revoked";
  return expired ? "expired" : null;
}
