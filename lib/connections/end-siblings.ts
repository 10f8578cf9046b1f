import { database, transaction } from "@/db/client";
import { type Connection, dropGrants, findSiblings } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { dropSessionUses } from "@/db/platform-sessions";
import { finishRevoking } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import { ProviderError } from "@/lib/providers/provider-error";
import type { OpenIo } from "./open-io";
import { prove } from "./prove";

/** After a revocation that ends a whole authorization: asks for each sibling whether it still works, and ends those that do not. */
export async function endSiblings(row: Connection, open: OpenIo): Promise<void> {
  if (!findOffer(row.offer).provider.revocation.endsSiblings) return;
  for (const sibling of await findSiblings(database(), row)) {
    if (await stillWorks(sibling, open)) continue;
    await transaction(async (tx) => {
      if (!(await finishRevoking(tx, sibling.id, "sibling"))) return;
      await dropGrants(tx, sibling.id);
      await dropSessionUses(tx, sibling.id);
      await insertEvent(tx, {
        kind: "connection.revoked",
        actor: worker,
        merchantId: sibling.merchantId,
        connectionId: sibling.id,
        facts: { confirmed: "sibling", with: row.id },
      });
    });
  }
}

async function stillWorks(sibling: Connection, open: OpenIo): Promise<boolean> {
  try {
    await prove(sibling, open);
    return true;
  } catch (error) {
    if (error instanceof ProviderError && error.trouble === "reconnect") return false;
    log.error("sibling_not_checked", error, { connection: sibling.id });
    return true;
  }
}
