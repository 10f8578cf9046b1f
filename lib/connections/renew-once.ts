import { database, type Tx, transaction } from "@/db/client";
import {
  type Connection,
  claimConnection,
  findConnection,
  keepCandidate,
  markSent,
  releaseLease,
  settleFailed,
  settleRenewed,
} from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { ConnectionStatus } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { crashPoint } from "@/lib/crash-point";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import { persist } from "@/lib/persist";
import type { Grant, Issued, Provider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { applyLateGrant } from "./apply-late-grant";
import { backoffS, nextRefresh } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { promoteCandidate } from "./promote-candidate";
import { openGrant, sealIssued } from "./sealed-grant";
import { NOT_NOW, troubleOf } from "./trouble-of";
import { PAUSED, withClient } from "./with-client";

export type Renewed = { kind: "renewed" } | { kind: "busy" } | { kind: "failed"; error: ProviderError };

/** Longer than any call (20 s). */
const LEASE_S = 30;
/** A spending call that was sent and never settled keeps everybody off for this long. */
const DOUBT_S = 120;

/**
 * One refresh under the connection's lease: claim, commit "sent", call, settle where the epoch is still mine. No transaction is
 * open during the call. `busy`: another holder is at it, or its outcome is in doubt.
 */
export function renewOnce(actor: Actor, id: string, statuses: ConnectionStatus[], open: OpenIo = openIo): Promise<Renewed> {
  return inFlight(renewHeld(actor, id, statuses, open, true));
}

async function renewHeld(actor: Actor, id: string, statuses: ConnectionStatus[], open: OpenIo, mayPromote: boolean): Promise<Renewed> {
  const leaseId = newId("lease");
  const row = await claimConnection(database(), id, leaseId, LEASE_S, DOUBT_S, statuses);
  if (!row) return { kind: "busy" };
  crashPoint("renew.claimed");
  let once = false;
  try {
    const offer = findOffer(row.offer);
    const grant = openGrant(row);
    const io = await open(offer, { merchantId: row.merchantId, connectionId: row.id });
    once = offer.provider.spendsOnce(grant);
    const issued = await withClient(row.offer, async () => {
      if (once && !(await markSent(database(), id, leaseId, row.epoch))) return null;
      crashPoint("renew.sent");
      return refresh(offer.provider, grant, io);
    });
    if (issued === null) return { kind: "busy" };
    crashPoint("renew.answered");
    const settled = await settle(actor, row, leaseId, issued, offer.provider, io.now());
    crashPoint("renew.settled");
    if (!settled) await applyLateGrant(row.id, open);
    return { kind: "renewed" };
  } catch (error) {
    const failure = troubleOf(error);
    if (!failure) {
      // A bug: what may have been spent stays in doubt, anything else is not tried again at once.
      if (!once) await fail(actor, row, leaseId, new ProviderError("transient", "internal"), false);
      throw error;
    }
    if (mayPromote && (failure.trouble === "reconnect" || failure.trouble === "declined") && (await promoteCandidate(row, leaseId)))
      return renewHeld(actor, id, statuses, open, false);
    // Nothing was sent, and nothing is known of this connection that was not known before.
    if (failure.code === PAUSED) await releaseLease(database(), id, leaseId);
    else await fail(actor, row, leaseId, failure, once);
    return { kind: "failed", error: failure };
  }
}

async function refresh(provider: Provider, grant: Grant, io: Parameters<Provider["refresh"]>[1]): Promise<Issued> {
  const issued = await provider.refresh(grant, io);
  if (issued.access === null && issued.renewal === null) throw new ProviderError("transient", "nothing_issued");
  return issued;
}

async function settle(actor: Actor, row: Connection, leaseId: string, issued: Issued, provider: Provider, now: Date): Promise<boolean> {
  const grant = sealIssued(issued, row, row.scopes);
  const due = nextRefresh(provider.policy(grant.renewable), now, issued.expiresAt);
  const write = async (tx: Tx): Promise<boolean> => {
    if (await settleRenewed(tx, row.id, leaseId, row.epoch, grant, due)) {
      if (row.status === "pending") return true;
      const facts = { generation: row.generation + (issued.access === null ? 0 : 1) };
      await insertEvent(tx, { kind: "connection.renewed", actor, merchantId: row.merchantId, connectionId: row.id, facts });
      return true;
    }
    const now = await findConnection(tx, row.id);
    // An earlier try was committed, and only its answer was lost.
    if (now?.access === grant.access && now?.renewal === grant.renewal) return true;
    // Fenced out: what was won is never thrown away. A revocation ends it too, a renewal tries it before it gives up.
    const owner = { id: newId("grant"), merchantId: row.merchantId };
    const { access, renewal } = sealIssued(issued, owner, row.scopes, "grants");
    await keepCandidate(tx, { ...owner, connectionId: row.id, reason: "candidate", access, renewal, epoch: row.epoch });
    await insertEvent(tx, { kind: "grant.kept", actor, merchantId: row.merchantId, connectionId: row.id, facts: { epoch: row.epoch } });
    return false;
  };
  return persist(() => transaction(write));
}

async function fail(actor: Actor, row: Connection, leaseId: string, error: ProviderError, once: boolean): Promise<void> {
  const demote = (error.trouble === "reconnect" || error.trouble === "declined") && row.status === "active";
  const keepSent = once && error.trouble === "doubt";
  const counts = !NOT_NOW.has(error.code);
  log.warn("renewal_failed", { connection: row.id, offer: row.offer, trouble: error.trouble, cause: error.code });
  await transaction(async (tx) => {
    const waitS = keepSent ? DOUBT_S : backoffS(row.failures, error.detail.retryAfterS);
    const failure = {
      trouble: error.trouble,
      code: error.code,
      customerText: error.detail.customerText ?? null,
      counts,
      waitS,
      demote,
      keepSent,
    };
    const settled = await settleFailed(tx, row.id, leaseId, row.epoch, failure);
    // The first failure is told, the ones that follow are not: the row counts them.
    if (!settled || row.status === "pending" || !(demote || (counts && row.failures === 0))) return;
    const kind = demote ? "connection.needs_reconnect" : "connection.renewal_failed";
    await insertEvent(tx, {
      kind,
      actor,
      merchantId: row.merchantId,
      connectionId: row.id,
      facts: { trouble: error.trouble, code: error.code },
    });
  });
}
