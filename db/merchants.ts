import { and, asc, eq, gt, inArray, or, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { merchants } from "./schema";

export type MerchantRow = typeof merchants.$inferSelect;

/** Null: another merchant has this external id. */
export async function insertMerchant(tx: Tx, merchant: { name: string; externalId: string | null }): Promise<MerchantRow | null> {
  const [row] = await tx
    .insert(merchants)
    .values({ id: newId("mer"), ...merchant })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

export async function findMerchant(db: Executor, id: string): Promise<MerchantRow | null> {
  const [row] = await db.select().from(merchants).where(eq(merchants.id, id));
  return row ?? null;
}

export async function findMerchantByExternalId(db: Executor, externalId: string): Promise<MerchantRow | null> {
  const [row] = await db.select().from(merchants).where(eq(merchants.externalId, externalId));
  return row ?? null;
}

/** The names of these merchants by their ids. */
export async function merchantNames(db: Executor, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: merchants.id, name: merchants.name }).from(merchants).where(inArray(merchants.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The first of them by name, or those with such a name, however it is spelt. */
export async function someMerchants(db: Executor, text: string | null, limit: number): Promise<MerchantRow[]> {
  const part = sql`'%' || regexp_replace(folded(${text}), '([\\\\%_])', '\\\\\\1', 'g') || '%'`;
  return db
    .select()
    .from(merchants)
    .where(text === null ? undefined : sql`folded(${merchants.name}) like ${part}`)
    .orderBy(asc(merchants.name), asc(merchants.id))
    .limit(limit);
}

/** By our id, the company's own one, or a name that no other merchant has. */
export async function findMerchantCalled(db: Executor, text: string): Promise<MerchantRow | null> {
  const rows = await db
    .select()
    .from(merchants)
    .where(or(eq(merchants.id, text), eq(merchants.externalId, text), eq(merchants.name, text)))
    .limit(3);
  const exact = rows.find(({ id, externalId }) => id === text || externalId === text);
  return exact ?? (rows.length === 1 ? (rows[0] ?? null) : null);
}

/** By our id or the company's own one. */
export async function findMerchantKnownAs(db: Executor, id: string): Promise<MerchantRow | null> {
  const rows = await db
    .select()
    .from(merchants)
    .where(or(eq(merchants.id, id), eq(merchants.externalId, id)))
    .limit(2);
  return rows.find((row) => row.id === id) ?? rows[0] ?? null;
}

/** The company's own ids of these merchants. */
export async function externalIds(db: Executor, ids: readonly string[]): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map();
  const columns = { id: merchants.id, externalId: merchants.externalId };
  const rows = await db
    .select(columns)
    .from(merchants)
    .where(inArray(merchants.id, [...ids]));
  return new Map(rows.map(({ id, externalId }) => [id, externalId]));
}

/** In the order of their ids, which never change. `among` null: all of them. */
export async function pageOfMerchants(
  db: Executor,
  { among, externalId, after }: { among: readonly string[] | null; externalId: string | null; after: string | null },
  limit: number,
): Promise<MerchantRow[]> {
  const fits = and(
    among === null ? undefined : inArray(merchants.id, [...among]),
    externalId === null ? undefined : eq(merchants.externalId, externalId),
    after === null ? undefined : gt(merchants.id, after),
  );
  return db.select().from(merchants).where(fits).orderBy(asc(merchants.id)).limit(limit);
}
