import { closeOpenAttempt, finishAttempt, lapsedAttempts, OUTCOME_UNKNOWN } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";

/** Closes attempts that ran out of time. A code that was sent and never settled is in doubt: it is told so and never sent again. */
export async function finishLapsed(limit: number): Promise<void> {
  for (const { id, sent, merchantId } of await lapsedAttempts(database(), limit)) {
    await transaction(async (tx) => {
      if (sent) await finishAttempt(tx, id, { outcome: "unreachable", troubleCode: OUTCOME_UNKNOWN });
      else if (!(await closeOpenAttempt(tx, id, "timed_out", null))) await finishAttempt(tx, id, { outcome: "timed_out" });
      await insertEvent(tx, { kind: sent ? "attempt.in_doubt" : "attempt.timed_out", actor: worker, merchantId, attemptId: id });
    });
  }
}
