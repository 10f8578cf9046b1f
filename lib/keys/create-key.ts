import { z } from "zod";
import { transaction } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { typedText } from "@/lib/ids";
import { keyScopes } from "./key-scopes";
import { type MadeKey, makeKey } from "./make-key";

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
});

/** A new key. Throws ZodError where what was typed does not fit. */
export async function createKey(actor: UserActor, input: unknown): Promise<MadeKey> {
  authorize(actor, "keys.manage");
  const asked = inputSchema.parse(input);
  return transaction((tx) => makeKey(tx, actor, { ...asked, replaces: null }));
}
