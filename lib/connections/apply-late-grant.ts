import { claimConnection, releaseLease } from "@/db/claims";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { newId } from "@/db/new-id";
import { endLeftGrants } from "./end-left-grants";
import type { OpenIo } from "./open-io";
import { promoteCandidate } from "./promote-candidate";

/**
 * What came in too late to settle is put to use or ended at once: a connection that was given up meanwhile lives on with it, one
 * that was revoked gives it back. A connection that works keeps it aside.
 */
export async function applyLateGrant(id: string, open: OpenIo): Promise<void> {
  const row = await findConnection(database(), id);
  if (row?.status === "revoked") return endLeftGrants(id, open);
  if (row?.status !== "reconnect") return;
  const leaseId = newId("lease");
  const held = await claimConnection(database(), id, leaseId, 30, 0, ["reconnect"]);
  if (held && !(await promoteCandidate(held, leaseId))) await releaseLease(database(), id, leaseId);
}
