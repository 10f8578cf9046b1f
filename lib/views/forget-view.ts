import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { dropView } from "@/db/saved-views";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

/** Takes a name from a list again; one that is gone already, or somebody else's, is left as it is. */
export async function forgetView(actor: UserActor, id: string): Promise<void> {
  authorize(actor, "support.search");
  await transaction(async (tx) => {
    const name = await dropView(tx, actor.id, id);
    if (name !== null) await insertEvent(tx, { kind: "view.forgotten", actor, facts: { name } });
  });
}
