import type { Tx } from "@/db/client";
import { type Connection, findCandidates } from "@/db/connections";
import type { Grant, Issued } from "@/lib/providers/contract";
import { VaultError } from "@/lib/vault";
import { openCandidate, openGrant } from "./sealed-grant";

/** Whether a connection has what was issued already, as its own grant or beside it. */
export async function isHeld(tx: Tx, row: Connection, issued: Issued): Promise<boolean> {
  const same = (open: () => Grant) => {
    try {
      const { access, renewal } = open();
      return access === issued.access && renewal === issued.renewal;
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
  };
  if (same(() => openGrant(row))) return true;
  return (await findCandidates(tx, row.id)).some((candidate) => same(() => openCandidate(candidate, row)));
}
