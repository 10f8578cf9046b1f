import { sql } from "drizzle-orm";
import type { Executor } from "./client";
import { keyChecks } from "./schema";
import type { Sealed } from "./sealed";

/** What each key once sealed, by key id; empty before the first migration. */
export async function readKeyChecks(db: Executor): Promise<{ keyId: string; value: Sealed }[]> {
  const there = await db.execute<{ there: boolean }>(sql`select to_regclass('key_checks') is not null as there`);
  return there.rows[0]?.there ? db.select({ keyId: keyChecks.keyId, value: keyChecks.value }).from(keyChecks) : [];
}

export async function insertKeyCheck(db: Executor, keyId: string, value: Sealed): Promise<void> {
  await db.insert(keyChecks).values({ keyId, value }).onConflictDoNothing({ target: keyChecks.keyId });
}
