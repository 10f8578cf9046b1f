import { claimConnection, releaseLease } from "@/db/claims";
import { database, transaction } from "@/db/client";
import { type Connection, settleFailed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Actor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { DOUBT_S, LEASE_S } from "./lease";
import { restoredFact } from "./restored-fact";

type Why = { code: string; customerText?: string | undefined };
export type Demoted = "demoted" | "moved" | "busy";

/**
 * From here on only the owner can help, where the connection still is as it was judged. "moved": newer access came in meanwhile, which
 * is another matter; "busy": somebody is at it, a call of it is in doubt, or it is not active any more.
 */
export async function demote(actor: Actor, row: Connection, { code, customerText }: Why): Promise<Demoted> {
  const leaseId = newId("lease");
  const held = await crossing("demote.claim", () => claimConnection(database(), row.id, leaseId, LEASE_S, DOUBT_S, ["active"]));
  if (!held) return "busy";
  if (held.generation !== row.generation) {
    await crossing("demote.release", () => releaseLease(database(), row.id, leaseId));
    return "moved";
  }
  const failure = {
    trouble: "reconnect",
    code,
    customerText: customerText ?? null,
    waitS: 0,
    demote: true,
    keepSent: false,
  };
  return crossing("demote.commit", () =>
    transaction(async (tx) => {
      if (!(await settleFailed(tx, row.id, leaseId, held.epoch, failure))) return "moved";
      await insertEvent(tx, {
        kind: "connection.needs_reconnect",
        actor,
        merchantId: row.merchantId,
        connectionId: row.id,
        facts: { trouble: "reconnect", code, ...(await restoredFact(tx, held.issuedAt)) },
      });
      return "demoted";
    }),
  );
}
