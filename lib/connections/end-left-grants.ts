import { database, transaction } from "@/db/client";
import { type Connection, dropGrants, findCandidates, findConnection, postponeGrant } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import type { ProviderError } from "@/lib/providers/provider-error";
import type { OpenIo } from "./open-io";
import { openCandidate } from "./sealed-grant";
import { troubleOf } from "./trouble-of";

type Candidate = Awaited<ReturnType<typeof findCandidates>>[number];

const LATER_S = 300;

/** Gives back, one by one, the grants that a renewal won after its connection had been revoked. What fails is left for later. */
export function endLeftGrants(id: string, open: OpenIo): Promise<void> {
  return inFlight(endAll(id, open));
}

async function endAll(id: string, open: OpenIo): Promise<void> {
  const row = await findConnection(database(), id);
  if (row?.status !== "revoked") return;
  for (const candidate of await findCandidates(database(), id)) {
    // Taken before the call, so that no other process is at it too.
    await crossing("left_grant.take", () => postponeGrant(database(), candidate.id, LATER_S));
    const trouble = row.revokeReach === "here" ? null : await giveBack(row, candidate, open);
    // A grant that the platform no longer knows has ended; one that cannot be read can only be erased here.
    if (trouble === null || trouble.trouble === "reconnect") {
      await crossing("left_grant.end", () =>
        transaction(async (tx) => {
          await dropGrants(tx, [candidate.id]);
          await insertEvent(tx, {
            kind: "grant.ended",
            actor: worker,
            merchantId: row.merchantId,
            connectionId: id,
            facts: { code: trouble?.code ?? null },
          });
        }),
      );
      continue;
    }
    await crossing("left_grant.postpone", () =>
      postponeGrant(database(), candidate.id, Math.max(LATER_S, trouble.detail.retryAfterS ?? 0)),
    );
    log.warn("left_grant_unconfirmed", { connection: id, offer: row.offer, trouble: trouble.trouble, cause: trouble.code });
  }
}

async function giveBack(row: Connection, candidate: Candidate, open: OpenIo): Promise<ProviderError | null> {
  try {
    const offer = findOffer(row.offer);
    const io = await open(offer, { merchantId: row.merchantId, connectionId: null });
    await crossing("left_grant.tell", () => offer.provider.revoke(openCandidate(candidate, row), io, "token"));
    return null;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble) return trouble;
    throw error;
  }
}
