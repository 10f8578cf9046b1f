import { type Attempt, finishAttempt } from "@/db/attempts";
import { transaction } from "@/db/client";
import type { Connection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { beginRevoking } from "@/db/revocations";
import type { Actor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import type { ProviderError } from "@/lib/providers/provider-error";
import { outcomeOf } from "./outcome-of";

/**
 * What was issued is of no use: the attempt tells why, and the grant is given back. One that we did not obtain ourselves (typed or
 * imported) is only forgotten here: whoever brought it may still be using it.
 */
export async function endPending(actor: Actor, row: Connection, attempt: Attempt, error: ProviderError): Promise<void> {
  await crossing("connect.end_pending", () =>
    transaction(async (tx) => {
      const finish = {
        outcome: outcomeOf(error),
        troubleCode: error.code,
        customerText: error.detail.customerText ?? null,
        resultId: null,
      };
      await finishAttempt(tx, attempt.id, finish);
      await beginRevoking(tx, row.id, { reach: attempt.stateHash === null ? "here" : "authorization", reason: error.code, by: actor.id });
      const facts = { trouble: error.trouble, code: error.code };
      await insertEvent(tx, {
        kind: "attempt.failed",
        actor,
        merchantId: row.merchantId,
        attemptId: attempt.id,
        connectionId: attempt.connectionId,
        facts,
      });
    }),
  );
}
