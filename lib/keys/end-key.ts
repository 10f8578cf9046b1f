import { lockKey, revokeKey } from "@/db/api-keys";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";

/** Revokes a key: from the answer on no process takes it. `typed` is its name, so that it is not the one beside it. */
export async function endKey(actor: UserActor, keyId: string, typed: string): Promise<void> {
  authorize(actor, "keys.manage");
  await transaction(async (tx) => {
    const key = await lockKey(tx, keyId);
    if (!key) throw notFound();
    if (typed.trim() !== key.name) throw new AppError("name", 400);
    if (!(await revokeKey(tx, keyId, actor.id))) throw new AppError("key_ended", 409);
    await insertEvent(tx, { kind: "key.revoked", actor, facts: { key: keyId, name: key.name } });
  });
}
