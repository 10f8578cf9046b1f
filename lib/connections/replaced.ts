import { type Attempt, finishAttempt } from "@/db/attempts";
import type { Tx } from "@/db/client";
import type { Connection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { beginRevoking } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";

/**
 * What an attempt won when another one has won already (the connection's newer one, or its link's): its page leads to that, and its grant is
 * erased here only, because some platforms end every grant of an account with one.
 */
export async function replaced(tx: Tx, row: Connection, attempt: Attempt, newerId: string | null): Promise<void> {
  if (!(await beginRevoking(tx, row.id, { reach: "here", reason: "replaced", by: worker.id }))) return;
  await finishAttempt(tx, attempt.id, { outcome: "replaced", resultId: newerId });
  const { merchantId } = row;
  await insertEvent(tx, { kind: "attempt.replaced", actor: worker, merchantId, connectionId: attempt.connectionId, attemptId: attempt.id });
}
