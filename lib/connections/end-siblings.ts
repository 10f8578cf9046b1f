import { finishAttempt } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { type Connection, dropGrants, findCandidates, findSiblings } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { dropSessionUses } from "@/db/platform-sessions";
import { finishRevoking } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import { samePlatform } from "@/lib/offers/same-platform";
import { ProviderError } from "@/lib/providers/provider-error";
import type { OpenIo } from "./open-io";
import { prove } from "./prove";

/** After a revocation that ends a whole authorization: asks for each sibling whether it still works, and ends those that do not. */
export async function endSiblings(row: Connection, open: OpenIo): Promise<void> {
  if (!findOffer(row.offer).provider.revocation.endsSiblings) return;
  for (const sibling of await findSiblings(database(), row, samePlatform(row.offer))) {
    const proof = await prove(sibling, open);
    if (!(proof instanceof ProviderError)) continue;
    if (proof.trouble === "reconnect") await end(sibling, row.id);
    else log.warn("sibling_not_checked", { connection: sibling.id, trouble: proof.trouble, cause: proof.code });
  }
}

async function end(sibling: Connection, withId: string): Promise<void> {
  await crossing("revoke.end_sibling", () =>
    transaction(async (tx) => {
      const kept = await findCandidates(tx, sibling.id);
      if (!(await finishRevoking(tx, sibling.id, "sibling"))) return;
      await dropGrants(
        tx,
        kept.map(({ id }) => id),
      );
      await dropSessionUses(tx, sibling.id);
      if (sibling.status === "pending" && sibling.attemptId)
        await finishAttempt(tx, sibling.attemptId, { outcome: "abandoned", resultId: null });
      const facts = { confirmed: "sibling", with: withId };
      await insertEvent(tx, { kind: "connection.revoked", actor: worker, merchantId: sibling.merchantId, connectionId: sibling.id, facts });
    }),
  );
}
