import { z } from "zod";
import { type ApiKeyRow, endKeyWithin, lockKey } from "@/db/api-keys";
import { copyPauses } from "@/db/callers";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { type MadeKey, makeKey } from "./make-key";

const DAY_MS = 86_400_000;

/** In how many days the one before ends by itself. Null: when somebody revokes it, or when it would have ended anyway. */
const inputSchema = z.strictObject({ keyId: z.string().max(64), overlapDays: z.int().min(1).max(90).nullable() });

/**
 * A new key that may do what the one before may and is paused where that one is, for as long as that one was made for. Both are good until the
 * one before has ended.
 */
export async function replaceKey(actor: UserActor, input: unknown): Promise<MadeKey> {
  authorize(actor, "keys.manage");
  const { keyId, overlapDays } = inputSchema.parse(input);
  return transaction(async (tx) => {
    const before = await lockKey(tx, keyId);
    if (!before) throw notFound();
    if (before.ended) throw new AppError("key_ended", 409);
    const days = daysOf(before);
    const { name, scopes, merchantIds, offers, requestsPerSecond } = before;
    const made = await makeKey(tx, actor, { name, scopes, merchantIds, offers, requestsPerSecond, days, replaces: keyId });
    for (const about of await copyPauses(tx, keyId, made.id))
      await insertEvent(tx, { kind: "caller.paused", actor, ...about, facts: { key: made.id, name } });
    if (overlapDays !== null) await endKeyWithin(tx, keyId, overlapDays);
    await insertEvent(tx, { kind: "key.replaced", actor, facts: { key: keyId, name, by: made.id, days: overlapDays } });
    return made;
  });
}

/** Null: without an end. Of a key from before that was kept, its life as it is now. */
function daysOf({ livesDays, expiresAt, createdAt }: ApiKeyRow): number | null {
  if (livesDays !== null) return livesDays || null;
  return expiresAt && Math.max(1, Math.round((expiresAt.getTime() - createdAt.getTime()) / DAY_MS));
}
