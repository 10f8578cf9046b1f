import type { Connection } from "@/db/connections";

/** Longer than any call (20 s). */
export const LEASE_S = 30;
/** A spending call that was sent and never settled keeps everybody off for this long. */
export const DOUBT_S = 120;

/** The claim that a row was handed out under. */
export function leaseOf(row: Connection): string {
  if (row.leaseId === null) throw new Error("A row is renewed under a lease only.");
  return row.leaseId;
}
