import type { Connection } from "@/db/connections";
import { newId } from "@/db/new-id";
import { processId } from "@/lib/process-id";

/** Longer than any call (20 s). */
export const LEASE_S = 30;
/** A spending call that was sent and never settled keeps everybody off for this long. */
export const DOUBT_S = 120;

/** A new lease for a call that spends: it names the process, and with it the journal in which an answer may be. */
export const newLease = (): string => `lease_${processId()}_${newId("of").slice(3, 13)}`;

/** The claim that a row was handed out under. */
export function leaseOf(row: Connection): string {
  if (row.leaseId === null) throw new Error("A row is renewed under a lease only.");
  return row.leaseId;
}
