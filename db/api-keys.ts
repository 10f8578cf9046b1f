import { and, desc, eq, getTableColumns, inArray, isNull, or, sql } from "drizzle-orm";
import { apiKeys } from "./api-tables";
import type { Executor, Tx } from "./client";

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKey = Omit<
  ApiKeyRow,
  "createdAt" | "expiresAt" | "livesDays" | "revokedAt" | "revokedBy" | "exposedAt" | "lastUsedAt"
> & {
  livesS: number | null;
};

export async function insertKey(tx: Tx, { livesS, ...key }: NewApiKey): Promise<ApiKeyRow> {
  const expiresAt = livesS === null ? null : sql`app_now() + make_interval(secs => ${livesS})`;
  const [row] = await tx
    .insert(apiKeys)
    .values({ ...key, expiresAt, livesDays: livesS === null ? 0 : Math.ceil(livesS / 86_400) })
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

/** Every key that is good, and so many of those that have ended; the newest first. */
export async function listKeys(db: Executor, mostEnded: number): Promise<ApiKeyRow[]> {
  const ended = sql`(revoked_at is not null or coalesce(expires_at <= app_now(), false))`;
  const newestFirst = [desc(apiKeys.createdAt), desc(apiKeys.id)];
  const lately = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(ended)
    .orderBy(...newestFirst)
    .limit(mostEnded);
  return db
    .select()
    .from(apiKeys)
    .where(or(sql`not ${ended}`, inArray(apiKeys.id, lately)))
    .orderBy(...newestFirst);
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

/** Which of them are keys that nobody has noted so far to have been seen where logs keep them. */
export async function unexposed(db: Executor, tokenHashes: readonly string[]): Promise<string[]> {
  const found = await db
    .select({ tokenHash: apiKeys.tokenHash })
    .from(apiKeys)
    .where(and(inArray(apiKeys.tokenHash, [...tokenHashes]), isNull(apiKeys.exposedAt)));
  return found.map(({ tokenHash }) => tokenHash);
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
