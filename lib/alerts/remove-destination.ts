import { emptyDestination } from "@/db/alert-destinations";
import { deleteRules } from "@/db/alert-rules";
import { transaction } from "@/db/client";
import { dropDeliveriesTo } from "@/db/deliveries";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { destination } from "./destination";
import { shownAddress } from "./shown-address";

/** It is told of nothing more, what waits for it included. Its address and secrets are erased. */
export async function removeDestination(actor: Actor, id: unknown): Promise<void> {
  authorize(actor, "alerts.manage");
  await transaction(async (tx) => {
    const { id: known, kind, address } = await destination(tx, id);
    await emptyDestination(tx, known);
    await deleteRules(tx, known);
    await dropDeliveriesTo(tx, known, "removed");
    await insertEvent(tx, {
      kind: "alert.destination_removed",
      actor,
      facts: { destination: known, channel: kind, to: shownAddress(kind, address) },
    });
  });
}
