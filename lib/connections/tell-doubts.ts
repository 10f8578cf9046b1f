import { brokenOff, noteBrokenOff } from "@/db/claims";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";

/** Says of renewals that broke off after they were sent that their outcome is not known; nothing is done about them yet. */
export async function tellDoubts(limit: number): Promise<void> {
  for (const id of await brokenOff(database(), limit)) {
    await crossing("renew.tell_doubt", () =>
      transaction(async (tx) => {
        const row = await noteBrokenOff(tx, id);
        if (!row || row.status === "pending") return;
        const about = { actor: worker, merchantId: row.merchantId, connectionId: row.id };
        await insertEvent(tx, { kind: "connection.renewal_in_doubt", ...about, facts: { trouble: "doubt", code: "outcome_unknown" } });
      }),
    );
  }
}
