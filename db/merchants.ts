import { asc, eq, inArray } from "drizzle-orm";
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

/** The names of these merchants by their ids. */
export async function merchantNames(db: Executor, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: merchants.id, name: merchants.name }).from(merchants).where(inArray(merchants.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function listMerchants(db: Executor): Promise<MerchantRow[]> {
  return db.select().from(merchants).orderBy(asc(merchants.name), asc(merchants.id));
}
