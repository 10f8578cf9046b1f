import { releaseLease } from "@/db/claims";
import type { Tx } from "@/db/client";
import { type Connection, dropGrants, findCandidates, lockConnection, settleRenewed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import type { Grant } from "@/lib/providers/contract";
import { VaultError } from "@/lib/vault";
import { openCandidate, sealIssued } from "./sealed-grant";

type Candidate = Awaited<ReturnType<typeof findCandidates>>[number];

/**
 * Before a refusal is believed: puts the newest grant that a fenced-out holder won in place of the refused one. One that cannot be read
 * is passed over and stays. False: there is none, or the lease is not ours any more. The row is held from here to the end of the
 * transaction, and so it is by whoever keeps a grant: none is kept between this look and what it decides.
 */
export async function promoteCandidate(tx: Tx, row: Connection, leaseId: string): Promise<boolean> {
  await lockConnection(tx, row.id);
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
}

function readable(candidate: Candidate, row: Connection): { id: string; epoch: number; held: Grant }[] {
  try {
    return [{ id: candidate.id, epoch: candidate.epoch, held: openCandidate(candidate, row) }];
  } catch (error) {
    if (error instanceof VaultError) return [];
    throw error;
  }
}
