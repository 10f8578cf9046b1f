import { and, eq, ne, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { resealings } from "./rotation-tables";
import type { SealedColumn } from "./sealed-columns";

export type Progress = Pick<typeof resealings.$inferSelect, "tableName" | "columnName" | "lastRow" | "resealed">;

/** How far the columns have come with this key. */
export async function progressWith(db: Executor, keyId: string): Promise<Progress[]> {
  const { tableName, columnName, lastRow, resealed } = resealings;
  return db.select({ tableName, columnName, lastRow, resealed }).from(resealings).where(eq(resealings.keyId, keyId));
}

/** Every column from its beginning with that key. What was begun with another key is forgotten. False: with this one it had been begun. */
export async function beginProgress(tx: Tx, keyId: string, columns: readonly SealedColumn[]): Promise<boolean> {
  await tx.delete(resealings).where(ne(resealings.keyId, keyId));
  const rows = columns.map(({ table, column }) => ({ tableName: table, columnName: column, keyId, lastRow: "" }));
  const begun = await tx.insert(resealings).values(rows).onConflictDoNothing();
  return (begun.rowCount ?? 0) === columns.length;
}

/** `lastRow` null: the column's end was reached. */
export async function noteProgress(tx: Tx, column: SealedColumn, keyId: string, lastRow: string | null, resealed: number): Promise<void> {
  const { tableName, columnName } = resealings;
  await tx
    .update(resealings)
    .set({ lastRow, resealed: sql`${resealings.resealed} + ${resealed}`, updatedAt: sql`app_now()` })
    .where(and(eq(tableName, column.table), eq(columnName, column.column), eq(resealings.keyId, keyId)));
}

/** Once more from the beginning: what others were writing was passed over. */
export async function repeatProgress(db: Executor, keyId: string): Promise<void> {
  await db.update(resealings).set({ lastRow: "" }).where(eq(resealings.keyId, keyId));
}

/** Returns how many values were sealed anew; null: somebody else has ended it. */
export async function endProgress(tx: Tx, keyId: string): Promise<number | null> {
  const ended = await tx.delete(resealings).where(eq(resealings.keyId, keyId)).returning({ resealed: resealings.resealed });
  return ended.length === 0 ? null : ended.reduce((sum, { resealed }) => sum + resealed, 0);
}
