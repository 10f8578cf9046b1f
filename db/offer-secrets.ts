import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { offerSecrets } from "./offer-tables";
import type { Sealed } from "./sealed";

/** What may be told of a client secret: never its value. */
export type KnownSecret = { id: string; offer: string; current: boolean; createdBy: string; createdAt: Date; lastUsedAt: Date | null };

const { id, offer, current, createdBy, createdAt, lastUsedAt } = offerSecrets;
const known = { id, offer, current, createdBy, createdAt, lastUsedAt };

export const newSecretId = (): string => newId("sec");

/** The oldest first. */
export async function listSecrets(db: Executor, slug: string): Promise<KnownSecret[]> {
  return db.select(known).from(offerSecrets).where(eq(offerSecrets.offer, slug)).orderBy(asc(offerSecrets.createdAt), asc(offerSecrets.id));
}

export async function insertSecret(
  tx: Tx,
  secret: { id: string; offer: string; value: Sealed; current: boolean; createdBy: string },
): Promise<void> {
  await tx.insert(offerSecrets).values(secret);
}

/** The others stay beside it. */
export async function makeCurrent(tx: Tx, slug: string, secretId: string): Promise<void> {
  await tx
    .update(offerSecrets)
    .set({ current: false })
    .where(and(eq(offerSecrets.offer, slug), eq(offerSecrets.current, true)));
  await tx.update(offerSecrets).set({ current: true }).where(eq(offerSecrets.id, secretId));
}

export async function removeSecret(tx: Tx, secretId: string): Promise<void> {
  await tx.delete(offerSecrets).where(eq(offerSecrets.id, secretId));
}

/** Once a minute is enough. */
export async function noteSecretsUsed(db: Executor, ids: readonly string[]): Promise<void> {
  const longAgo = sql`(${offerSecrets.lastUsedAt} > app_now() - interval '1 minute') is not true`;
  await db
    .update(offerSecrets)
    .set({ lastUsedAt: sql`app_now()` })
    .where(and(inArray(offerSecrets.id, [...ids]), longAgo));
}
