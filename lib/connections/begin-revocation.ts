import { finishAttempt } from "@/db/attempts";
import { type Tx, transaction } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { beginRevoking } from "@/db/revocations";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { persist } from "@/lib/persist";

/** `run`: the bulk run that it is part of. */
export type Asking = { reach: "authorization" | "token"; reason: string | null; ticket?: string | null; run?: string };

/** Serving stops with this commit; the platform is told after it. False: somebody else had ended it before. */
export async function beginRevocation(actor: UserActor | KeyActor, row: Connection, asking: Asking): Promise<boolean> {
  const { reach, reason, ticket, run } = asking;
  let tries = 0;
  const begin = async (tx: Tx): Promise<boolean> => {
    tries += 1;
    const revoking = await beginRevoking(tx, row.id, { reach, reason, by: actor.id });
    // An earlier try was committed, and only its answer was lost.
    if (!revoking && tries > 1 && asAsked(await findConnection(tx, row.id), actor, asking)) return true;
    if (revoking && row.status === "pending" && row.attemptId)
      await finishAttempt(tx, row.attemptId, { outcome: "abandoned", resultId: null });
    const kind = revoking ? "connection.revoke_asked" : "connection.revoke_repeated";
    const facts = { reach, ...(ticket && { ticket }), ...(run && { run }) };
    await insertEvent(tx, { kind, actor, merchantId: row.merchantId, connectionId: row.id, reason, facts });
    return revoking !== null;
  };
  return crossing("revoke.begin", () => persist(() => transaction(begin)));
}

function asAsked(row: Connection | null, actor: { id: string }, { reach, reason }: Asking): boolean {
  return row?.revokedBy === actor.id && row.revokeReach === reach && row.revokeReason === reason;
}
