import { setDestinationDisabled } from "@/db/alert-destinations";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { destination } from "./destination";

/** Switches one on again that had answered that it wants no more. */
export async function enableDestination(actor: Actor, id: unknown): Promise<void> {
  authorize(actor, "alerts.manage");
  await transaction(async (tx) => {
    const { id: known } = await destination(tx, id);
    if (!(await setDestinationDisabled(tx, known, false))) return;
    await insertEvent(tx, { kind: "alert.destination_enabled", actor, facts: { destination: known } });
  });
}
