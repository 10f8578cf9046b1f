import { type Tx, transaction } from "@/db/client";
import { type Connection, findConnection, keepCandidate, settleFailed, settleRenewed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Actor } from "@/lib/auth/actor";
import { log } from "@/lib/log";
import { persist } from "@/lib/persist";
import type { Issued, Provider } from "@/lib/providers/contract";
import type { ProviderError } from "@/lib/providers/provider-error";
import { DOUBT_S, leaseOf } from "./lease";
import { backoffS, nextRefresh } from "./next-refresh";
import { sealIssued } from "./sealed-grant";

/** Commits what a refresh brought. False: the lease was lost, and it was kept beside the row instead. */
export async function settleIssued(actor: Actor, row: Connection, issued: Issued, provider: Provider, now: Date): Promise<boolean> {
  const grant = sealIssued(issued, row, row.scopes);
  const due = nextRefresh(provider.policy(grant.renewable), now, issued.expiresAt);
  const about = { actor, merchantId: row.merchantId, connectionId: row.id };
  const write = async (tx: Tx): Promise<boolean> => {
    if (await settleRenewed(tx, row.id, leaseOf(row), row.epoch, grant, due)) {
      if (row.status === "pending") return true;
      const facts = { generation: row.generation + (issued.access === null ? 0 : 1) };
      await insertEvent(tx, { kind: "connection.renewed", ...about, facts });
      return true;
    }
    const now = await findConnection(tx, row.id);
    // An earlier try was committed, and only its answer was lost.
    if (now?.access === grant.access && now?.renewal === grant.renewal) return true;
    // Fenced out: what was won is never thrown away. A revocation ends it too, a renewal tries it before it gives up.
    const owner = { id: newId("grant"), merchantId: row.merchantId };
    const { access, renewal } = sealIssued(issued, owner, row.scopes, "grants");
    await keepCandidate(tx, { ...owner, connectionId: row.id, reason: "candidate", access, renewal, epoch: row.epoch });
    await insertEvent(tx, { kind: "grant.kept", ...about, facts: { epoch: row.epoch } });
    return false;
  };
  return persist(() => transaction(write));
}

/** Commits what a refresh came to when it brought nothing. `once`: the call may have spent the grant, so doubt keeps everybody off. */
export async function settleFailure(actor: Actor, row: Connection, error: ProviderError, once: boolean): Promise<void> {
  const demote = (error.trouble === "reconnect" || error.trouble === "declined") && row.status === "active";
  const keepSent = once && error.trouble === "doubt";
  log.warn("renewal_failed", { connection: row.id, offer: row.offer, trouble: error.trouble, cause: error.code });
  await transaction(async (tx) => {
    const failure = {
      trouble: error.trouble,
      code: error.code,
      customerText: error.detail.customerText ?? null,
      waitS: keepSent ? DOUBT_S : backoffS(row.failures, error.detail.retryAfterS),
      demote,
      keepSent,
    };
    const settled = await settleFailed(tx, row.id, leaseOf(row), row.epoch, failure);
    // The first failure is told, the ones that follow are not: the row counts them.
    if (!settled || row.status === "pending" || !(demote || row.failures === 0)) return;
    const kind = demote ? "connection.needs_reconnect" : "connection.renewal_failed";
    const facts = { trouble: error.trouble, code: error.code };
    await insertEvent(tx, { kind, actor, merchantId: row.merchantId, connectionId: row.id, facts });
  });
}
