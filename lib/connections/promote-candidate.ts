import { releaseLease } from "@/db/claims";
import { transaction } from "@/db/client";
import { type Connection, dropGrants, findCandidates, settleRenewed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import type { Grant } from "@/lib/providers/contract";
import { VaultError } from "@/lib/vault";
import { openCandidate, sealIssued } from "./sealed-grant";

type Candidate = Awaited<ReturnType<typeof findCandidates>>[number];

/**
 * Before a refusal is believed: puts the newest grant that a fenced-out holder won in place of the refused one. One that cannot be read
 * is passed over and stays. False: there is none, or the lease is not ours any more.
 */
export async function promoteCandidate(row: Connection, leaseId: string): Promise<boolean> {
  return transaction(async (tx) => {
    const candidates = await findCandidates(tx, row.id);
    const [newest] = candidates.flatMap((candidate) => readable(candidate, row));
    if (!newest) return false;
    const { access, renewal } = newest.held;
    const grant = sealIssued({ access, renewal, expiresAt: null, renewableUntil: row.renewableUntil, scopes: row.scopes }, row, row.scopes);
    if (!(await settleRenewed(tx, row.id, leaseId, row.epoch, grant, "now", false))) return false;
    await dropGrants(tx, [newest.id]);
    await releaseLease(tx, row.id, leaseId);
    await insertEvent(tx, {
      kind: "grant.promoted",
      actor: worker,
      merchantId: row.merchantId,
      connectionId: row.id,
      facts: { epoch: newest.epoch },
    });
    return true;
  });
}

function readable(candidate: Candidate, row: Connection): { id: string; epoch: number; held: Grant }[] {
  try {
    return [{ id: candidate.id, epoch: candidate.epoch, held: openCandidate(candidate, row) }];
  } catch (error) {
    if (error instanceof VaultError) return [];
    throw error;
  }
}
