import { closeLapsed, lapsedAttempts } from "@/db/attempt-jobs";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";

/** Closes attempts that ran out of time. A code that was sent and never settled is in doubt: it is told so and never sent again. */
export async function finishLapsed(limit: number): Promise<void> {
  for (const id of await lapsedAttempts(database(), limit)) {
    await crossing("attempt.lapse", () =>
      transaction(async (tx) => {
        const closed = await closeLapsed(tx, id);
        if (!closed) return;
        const kind = closed.outcome === "timed_out" ? "attempt.timed_out" : "attempt.in_doubt";
        await insertEvent(tx, { kind, actor: worker, merchantId: closed.merchantId, connectionId: closed.connectionId, attemptId: id });
      }),
    );
  }
}
