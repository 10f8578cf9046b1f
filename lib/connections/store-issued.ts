import { type Attempt, findAttempt, markIssued } from "@/db/attempts";
import { transaction } from "@/db/client";
import { findConnection, insertPending } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Actor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { offer as findOffer } from "@/lib/offers/offers";
import { persist } from "@/lib/persist";
import type { Issued } from "@/lib/providers/contract";
import { sealIssued } from "./sealed-grant";

/** The new pending connection's id. It holds the secrets from here on; code and verifier are erased in the same transaction. */
export async function storeIssued(
  actor: Actor,
  attempt: Pick<Attempt, "id" | "offer" | "merchantId" | "label">,
  issued: Issued,
): Promise<string> {
  const { provider } = findOffer(attempt.offer);
  const row = { id: newId("con"), merchantId: attempt.merchantId };
  const about = {
    offer: attempt.offer,
    provider: provider.id,
    environment: provider.environment,
    label: attempt.label,
    attemptId: attempt.id,
  };
  const grant = sealIssued(issued, row, []);
  await crossing("exchange.store", () =>
    persist(() =>
      transaction(async (tx) => {
        // An earlier try was committed and only its answer was lost: here, or already moved on from here to another connection.
        if (await findConnection(tx, row.id)) return;
        const marked = await markIssued(tx, attempt.id, row.id);
        if (!marked && (await findAttempt(tx, attempt.id))) return;
        await insertPending(tx, { ...row, ...about }, grant);
        if (!marked) return;
        await insertEvent(tx, {
          kind: "attempt.exchanged",
          actor,
          merchantId: attempt.merchantId,
          connectionId: row.id,
          attemptId: attempt.id,
        });
      }),
    ),
  );
  return row.id;
}
