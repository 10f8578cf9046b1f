import { claimConnection, releaseLease } from "@/db/claims";
import type { Tx } from "@/db/client";
import { type Connection, keepCandidate } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Actor } from "@/lib/auth/actor";
import type { Issued } from "@/lib/providers/contract";
import { LEASE_S } from "./lease";
import { promoteCandidate } from "./promote-candidate";
import { sealIssued } from "./sealed-grant";

/**
 * Keeps what a fenced-out holder won: it is never thrown away. A connection that was given up meanwhile lives on with it at once, a
 * revocation ends it too, and a connection that works has it aside until its own grant is refused. `now`: the row, locked.
 */
export async function keepLate(tx: Tx, actor: Actor, row: Connection, issued: Issued, now: Connection | null): Promise<void> {
  const owner = { id: newId("grant"), merchantId: row.merchantId };
  const { access, renewal } = sealIssued(issued, owner, row.scopes, "grants");
  await keepCandidate(tx, { ...owner, connectionId: row.id, reason: "candidate", access, renewal, epoch: row.epoch });
  const about = { actor, merchantId: row.merchantId, connectionId: row.id };
  await insertEvent(tx, { kind: "grant.kept", ...about, facts: { epoch: row.epoch } });
  if (now?.status !== "reconnect") return;
  const leaseId = newId("lease");
  // Whoever has the lease looks for it before they believe a refusal.
  const held = await claimConnection(tx, row.id, leaseId, LEASE_S, 0, ["reconnect"]);
  if (held && !(await promoteCandidate(tx, held, leaseId))) await releaseLease(tx, row.id, leaseId);
}
