import { database, transaction } from "@/db/client";
import { dropGrants } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { supersededGrants } from "@/db/superseded-grants";
import { worker } from "@/lib/auth/actor";

/** Erases kept grants that nobody will need any more. Nothing is told to the platform: ending one may end what works. */
export async function eraseSuperseded(limit: number): Promise<void> {
  for (const { id, connectionId, merchantId, epoch } of await supersededGrants(database(), limit)) {
    await transaction(async (tx) => {
      if (await dropGrants(tx, [id]))
        await insertEvent(tx, { kind: "grant.superseded", actor: worker, merchantId, connectionId, facts: { epoch } });
    });
  }
}
