import type { Connection } from "@/db/connections";
import type { Policy } from "@/lib/providers/contract";

/** What is fetched on demand and nobody has asked for since it was fetched last: keeping it warm would spend a platform's pace on nobody. */
export function isCold(row: Pick<Connection, "usedAt" | "issuedAt">, policy: Policy): boolean {
  if (policy.kind === "refresh_token") return false;
  return row.usedAt === null || (row.issuedAt !== null && row.usedAt <= row.issuedAt);
}
