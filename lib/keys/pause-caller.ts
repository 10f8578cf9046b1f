import { lockKey } from "@/db/api-keys";
import { callersOf, deletePause, insertPause, lineOf } from "@/db/callers";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { UserActor } from "@/lib/auth/actor";
import { ownConnection } from "@/lib/connections/renew";
import { notFound } from "@/lib/errors";

/** From the answer on that key gets nothing of that connection, from any process, until it is let again, and neither do keys that replace it. */
export async function pauseCaller(actor: UserActor, connectionId: string, keyId: string): Promise<void> {
  const about = await caller(actor, connectionId, keyId);
  await transaction(async (tx) => {
    // Whoever replaces it at this moment has done so by then, or copies this.
    await lockKey(tx, keyId);
    for (const { id, name } of await lineOf(tx, keyId)) {
      const paused = await insertPause(tx, { connectionId, keyId: id, pausedBy: actor.id, pausedByName: actor.name });
      if (paused) await insertEvent(tx, { kind: "caller.paused", actor, ...about, facts: { key: id, name } });
    }
  });
}

export async function resumeCaller(actor: UserActor, connectionId: string, keyId: string): Promise<void> {
  const about = await caller(actor, connectionId, keyId);
  await transaction(async (tx) => {
    if (await deletePause(tx, connectionId, keyId)) await insertEvent(tx, { kind: "caller.resumed", actor, ...about });
  });
}

/** Only those that a page about the connection shows: what else there is, is no merchant's business. */
async function caller(actor: UserActor, connectionId: string, keyId: string) {
  const { merchantId } = await ownConnection(actor, connectionId, "caller.pause");
  const known = (await callersOf(database(), connectionId)).find((one) => one.keyId === keyId);
  if (!known) throw notFound();
  return { merchantId, connectionId, facts: { key: keyId, name: known.name } };
}
