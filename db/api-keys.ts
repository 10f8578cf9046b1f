import { and, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { apiKeys } from "./api-tables";
import type { Executor, Tx } from "./client";

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKey = Omit<ApiKeyRow, "createdAt" | "expiresAt" | "revokedAt" | "revokedBy" | "exposedAt" | "lastUsedAt"> & {
  livesS: number | null;
};

export async function insertKey(tx: Tx, { livesS, ...key }: NewApiKey): Promise<ApiKeyRow> {
  const expiresAt = livesS === null ? null : sql`app_now() + make_interval(secs => ${livesS})`;
  const [row] = await tx
    .insert(apiKeys)
    .values({ ...key, expiresAt })
    .returning();
  if (!row) throw new Error("An inserted key was not returned.");
  return row;
}

/** The key with that hash, as long as it is good. */
export async function findLiveKey(db: Executor, tokenHash: string): Promise<ApiKeyRow | null> {
  const good = sql`revoked_at is null and (expires_at is null or expires_at > app_now())`;
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.tokenHash, tokenHash), good));
  return row ?? null;
}

export async function findKeyById(db: Executor, id: string): Promise<ApiKeyRow | null> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row ?? null;
}

/** That key, which nobody else changes until this transaction ends, and whether it has ended. */
export async function lockKey(tx: Tx, id: string): Promise<(ApiKeyRow & { ended: boolean }) | null> {
  const ended = sql<boolean>`revoked_at is not null or coalesce(expires_at <= app_now(), false)`;
  const [row] = await tx
    .select({ ...getTableColumns(apiKeys), ended })
    .from(apiKeys)
    .where(eq(apiKeys.id, id))
    .for("update");
  return row ?? null;
}

/** It ends in so many days, unless it ends before that anyway. */
export async function endKeyWithin(tx: Tx, id: string, days: number): Promise<void> {
  const until = sql`least(expires_at, app_now() + make_interval(days => ${days}))`;
  await tx.update(apiKeys).set({ expiresAt: until }).where(eq(apiKeys.id, id));
}

export async function listKeys(db: Executor, limit: number): Promise<ApiKeyRow[]> {
  return db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)).limit(limit);
}

/** Null: there is none, or it was revoked before. */
export async function revokeKey(tx: Tx, id: string, revokedBy: string): Promise<ApiKeyRow | null> {
  const [row] = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`app_now()`, revokedBy })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning();
  return row ?? null;
}

/** Notes that a key was seen where logs keep it. Null: there is none, or that was noted before. */
export async function markExposed(tx: Tx, tokenHash: string): Promise<ApiKeyRow | null> {
  const [row] = await tx
    .update(apiKeys)
    .set({ exposedAt: sql`app_now()` })
    .where(and(eq(apiKeys.tokenHash, tokenHash), isNull(apiKeys.exposedAt)))
    .returning();
  return row ?? null;
}
