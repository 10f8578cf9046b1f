import { database, transaction } from "@/db/client";
import { type Connection, dropGrants, findCandidates, findSiblings } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { dropSessionUses } from "@/db/platform-sessions";
import { claimRevocation, deleteNeverConnected, finishRevoking, postponeRevocation } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";
import { crashPoint } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { offer as findOffer, offers } from "@/lib/offers/offers";
import type { Grant } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { VaultError } from "@/lib/vault";
import { endSiblings } from "./end-siblings";
import { backoffS } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { openCandidate, openGrant } from "./sealed-grant";

const LEASE_S = 30;
/** A row that never was a connection is let go after so many tries (about a day): nobody waits for it. */
const MOST_TRIES_UNCONNECTED = 40;

/** Tells the platform that a `revoking` row has ended, then erases it. What is not confirmed stays `revoking` and is retried. */
export async function tellPlatform(id: string, open: OpenIo = openIo): Promise<void> {
  const leaseId = newId("lease");
  const row = await claimRevocation(database(), id, leaseId, LEASE_S);
  if (!row) return;
  crashPoint("revoke.claimed");
  try {
    const confirmed = await revokeAll(row, open);
    crashPoint("revoke.answered");
    await erase(row, confirmed);
    if (confirmed === "remote") await endSiblings(row, open);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (row.connectedAt === null && row.revokeTries >= MOST_TRIES_UNCONNECTED) return erase(row, "local");
    await postpone(row, leaseId, error);
  }
}

async function revokeAll(row: Connection, open: OpenIo): Promise<"remote" | "local"> {
  // A platform that is not configured any more cannot be told until it is again: serving has stopped, and the row waits.
  if (!offers().some(({ slug }) => slug === row.offer)) throw new ProviderError("operator", "offer_missing");
  const { provider, ...offer } = findOffer(row.offer);
  const io = await open({ ...offer, provider }, { merchantId: row.merchantId, connectionId: row.id });
  const reach = await safeReach(row);
  let confirmed: "remote" | "local" = "remote";
  for (const grant of await grantsOf(row)) {
    // A grant that the platform no longer knows has ended: RFC 7009 section 2.2.
    const answer = await provider.revoke(grant, io, reach).catch((error: unknown) => {
      if (error instanceof ProviderError && error.trouble === "reconnect") return "remote" as const;
      throw error;
    });
    if (answer === "local") confirmed = "local";
  }
  return confirmed;
}

/** A full revocation would take along a live connection that nobody asked to end: one made since, or one whose pending twin is let go. */
async function safeReach(row: Connection): Promise<"authorization" | "token"> {
  if (row.connectedAt !== null && row.revokeReach === "token") return "token";
  if (!findOffer(row.offer).provider.revocation.endsSiblings) return "authorization";
  const since = row.connectedAt === null ? 0 : (row.revokeAskedAt?.getTime() ?? 0);
  const siblings = await findSiblings(database(), row);
  return siblings.some((sibling) => (sibling.connectedAt?.getTime() ?? -1) > since) ? "token" : "authorization";
}

/** The row's own grant and those that fenced-out holders won. One that cannot be read can only be erased here. */
async function grantsOf(row: Connection): Promise<Grant[]> {
  const grants: Grant[] = [];
  const read = (open: () => Grant) => {
    try {
      grants.push(open());
    } catch (error) {
      if (!(error instanceof VaultError && error.code === "tampered")) throw new ProviderError("operator", "key_missing");
    }
  };
  read(() => openGrant(row));
  for (const candidate of await findCandidates(database(), row.id)) read(() => openCandidate(candidate, row));
  return grants.filter((grant) => grant.access !== null || grant.renewal !== null);
}

async function erase(row: Connection, confirmed: "remote" | "local"): Promise<void> {
  await transaction(async (tx) => {
    if (!(await finishRevoking(tx, row.id, confirmed))) return;
    await dropGrants(tx, row.id);
    await dropSessionUses(tx, row.id);
    if (row.connectedAt === null) await deleteNeverConnected(tx, row.id);
    else
      await insertEvent(tx, {
        kind: "connection.revoked",
        actor: worker,
        merchantId: row.merchantId,
        connectionId: row.id,
        facts: { confirmed },
      });
  });
}

async function postpone(row: Connection, leaseId: string, error: ProviderError): Promise<void> {
  log.warn("revocation_unconfirmed", {
    connection: row.id,
    offer: row.offer,
    trouble: error.trouble,
    cause: error.code,
    tries: row.revokeTries,
  });
  await transaction(async (tx) => {
    await postponeRevocation(tx, row.id, leaseId, backoffS(row.revokeTries, error.detail.retryAfterS), {
      trouble: error.trouble,
      code: error.code,
    });
    if (row.revokeTries !== 1 || row.connectedAt === null) return;
    await insertEvent(tx, {
      kind: "connection.revoke_unconfirmed",
      actor: worker,
      merchantId: row.merchantId,
      connectionId: row.id,
      facts: { code: error.code },
    });
  });
}
