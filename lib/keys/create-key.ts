import { z } from "zod";
import { insertKey } from "@/db/api-keys";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { hashToken } from "@/lib/auth/session-token";
import { typedText } from "@/lib/ids";
import { keyScopes } from "./key-scopes";
import { keyHint, newKeyToken } from "./key-token";

const DAY_S = 86_400;

const inputSchema = z.strictObject({
  name: z.string().transform(typedText).pipe(z.string().min(1).max(80)),
  scopes: z.array(z.enum(keyScopes)).min(1),
  /** Null: every merchant's. */
  merchantIds: z
    .array(z.string().regex(/^mer_\w{1,60}$/))
    .min(1)
    .max(100)
    .nullable()
    .default(null),
  /** Null: every platform. */
  offers: z.array(z.string().min(1).max(64)).min(1).max(100).nullable().default(null),
  /** Days until it ends; null: never, where somebody asks for that. */
  days: z.int().min(1).max(3_650).nullable().default(90),
  requestsPerSecond: z.int().min(1).max(1_000_000).default(500),
  replaces: z
    .string()
    .regex(/^key_\w{1,60}$/)
    .nullable()
    .default(null),
});

/** A new key. `token` is handed out this once and is known nowhere afterwards. */
export async function createKey(actor: UserActor, input: unknown): Promise<{ id: string; token: string }> {
  authorize(actor, "keys.manage");
  const { days, ...asked } = inputSchema.parse(input);
  const token = newKeyToken();
  const row = {
    ...asked,
    id: newId("key"),
    tokenHash: hashToken(token),
    hint: keyHint(token),
    createdBy: actor.id,
    createdByName: actor.name,
    livesS: days === null ? null : days * DAY_S,
  };
  await transaction(async (tx) => {
    await insertKey(tx, row);
    const facts = { key: row.id, name: row.name, scopes: row.scopes.join(" "), days, replaces: row.replaces };
    await insertEvent(tx, { kind: "key.created", actor, facts });
  });
  return { id: row.id, token };
}
