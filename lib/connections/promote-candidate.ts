import { transaction } from "@/db/client";
import { type Connection, dropGrants, findCandidates, releaseLease, settleRenewed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { openCandidate, sealIssued } from "./sealed-grant";

/**
 * Before a refusal is believed: puts the newest grant that a fenced-out holder won in place of the refused one.
 * False: there is none, or the lease is not ours any more.
 */
export async function promoteCandidate(row: Connection, leaseId: string): Promise<boolean> {
  return transaction(async (tx) => {
    const [newest] = await findCandidates(tx, row.id);
    if (!newest) return false;
    const { access, renewal } = openCandidate(newest, row);
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
