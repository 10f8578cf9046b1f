import { database, transaction } from "@/db/client";
import { dropGrants, findCandidates, findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import { ProviderError } from "@/lib/providers/provider-error";
import type { OpenIo } from "./open-io";
import { openCandidate } from "./sealed-grant";

/** Gives back the grants that a renewal won after its connection had been revoked, then erases them. Left for the job when it fails. */
export async function endLeftGrants(id: string, open: OpenIo): Promise<void> {
  const row = await findConnection(database(), id);
  if (row?.status !== "revoked") return;
  const { provider, ...offer } = findOffer(row.offer);
  const io = await open({ ...offer, provider }, { merchantId: row.merchantId, connectionId: null });
  try {
    for (const candidate of await findCandidates(database(), id)) await provider.revoke(openCandidate(candidate, row), io, "token");
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.trouble !== "reconnect") {
      log.warn("left_grant_unconfirmed", { connection: id, offer: row.offer, trouble: error.trouble, cause: error.code });
      return;
    }
  }
  await transaction(async (tx) => {
    await dropGrants(tx, id);
    await insertEvent(tx, { kind: "grant.ended", actor: worker, merchantId: row.merchantId, connectionId: id });
  });
}
