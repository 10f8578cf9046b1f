import type { LinkRow } from "@/db/connect-links";

/** Why a link cannot be begun with any more. */
export type Closed = "used" | "revoked" | "ended" | "expired";

export function closedBy({
  usedAt,
  revokedAt,
  ended,
  expired,
}: Pick<LinkRow, "usedAt" | "revokedAt" | "ended" | "expired">): Closed | null {
  if (usedAt) return "used";
  if (revokedAt) return "revoked";
  if (ended) return "ended";
  return expired ? "expired" : null;
}
