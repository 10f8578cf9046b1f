import type { Tx } from "@/db/client";
import { isFromBackup } from "@/db/restored-needs";

/** What is told of a refusal besides its cause, where the access was from before a backup that was restored since. */
export const restoredFact = async (tx: Tx, issuedAt: Date | null): Promise<Record<string, boolean>> =>
  (await isFromBackup(tx, issuedAt)) ? { restored: true } : {};
