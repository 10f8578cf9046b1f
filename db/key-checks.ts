import { and, count, eq, ne, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { keyChecks } from "./schema";
import type { Sealed } from "./sealed";

export type KeyStage = (typeof keyChecks.$inferSelect)["stage"];
export type KeyMark = { keyId: string; value: Sealed; stage: KeyStage };
export type KeyCheck = KeyMark & { sealings: number };

/** What each key once sealed, and how far it has come; empty before the first migration. */
export async function readKeyChecks(db: Executor): Promise<KeyCheck[]> {
  const there = await db.execute<{ there: boolean }>(sql`select to_regclass('key_checks') is not null as there`);
  if (!there.rows[0]?.there) return [];
  // A start looks here before it migrates, so that newer columns may be missing yet.
  const found = await db.execute<KeyCheck>(sql`
    select key_id as "keyId", value, coalesce(entry ->> 'stage', 'sealing') as stage, coalesce(entry ->> 'sealings', '0')::float8 as sealings
    from key_checks, to_jsonb(key_checks) as entry order by key_id`);
  return found.rows;
}

/** False: there is one of that id. */
export async function insertKeyCheck(db: Executor, keyId: string, value: Sealed, stage: KeyStage): Promise<boolean> {
  const made = await db.insert(keyChecks).values({ keyId, value, stage }).onConflictDoNothing({ target: keyChecks.keyId });
  return (made.rowCount ?? 0) > 0;
}

/** The key begins to seal. `others`: how many had done so before; null: it has sealed already. */
export async function beginSealing(tx: Tx, keyId: string): Promise<{ others: number } | null> {
  const begun = await tx
    .update(keyChecks)
    .set({ stage: "sealing" })
    .where(and(eq(keyChecks.keyId, keyId), eq(keyChecks.stage, "opening")));
  if ((begun.rowCount ?? 0) === 0) return null;
  const [row] = await tx
    .select({ others: count() })
    .from(keyChecks)
    .where(and(ne(keyChecks.keyId, keyId), ne(keyChecks.stage, "opening")));
  return { others: row?.others ?? 0 };
}

/** False: it was retired before. */
export async function retireKeyCheck(tx: Tx, keyId: string): Promise<boolean> {
  const retired = await tx
    .update(keyChecks)
    .set({ stage: "retired" })
    .where(and(eq(keyChecks.keyId, keyId), ne(keyChecks.stage, "retired")));
  return (retired.rowCount ?? 0) > 0;
}
