import { type SQL, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import type { Sealed } from "./sealed";
import type { SealedColumn } from "./sealed-columns";

export type SealedRow = { row: string; merchant: string; value: Sealed };
export type Resealed = { row: string; seen: Sealed; fresh: Sealed };

const partsOf = ({ table, column, row, merchant }: SealedColumn) => ({
  table: sql.identifier(table),
  value: sql.identifier(column),
  row: sql.identifier(row),
  merchant: merchant === null ? sql`''` : sql.identifier(merchant),
});

/** The id of the key that sealed it, as the value itself names it. */
const keyOf = (value: SQL | ReturnType<typeof sql.identifier>) => sql`split_part(${value}, '.', 2)`;

/** How many values of a column each key has sealed. */
export async function countByKey(db: Executor, column: SealedColumn): Promise<{ keyId: string; n: number }[]> {
  const { table, value } = partsOf(column);
  const found = await db.execute<{ keyId: string; n: number }>(sql`
    select ${keyOf(value)} as "keyId", count(*)::float8 as n from ${table} where ${value} is not null group by 1 order by 1`);
  return found.rows;
}

/** Rows after that one whose value was sealed by this key, or by any other key than this, in the order of their keys. */
export async function sealedRows(
  db: Executor,
  column: SealedColumn,
  by: { key: string } | { anyBut: string },
  after: string,
  limit: number,
): Promise<SealedRow[]> {
  const { table, value, row, merchant } = partsOf(column);
  const fits = "key" in by ? sql`${keyOf(value)} = ${by.key}` : sql`${keyOf(value)} <> ${by.anyBut}`;
  const found = await db.execute<SealedRow>(sql`
    select ${row} as "row", ${merchant} as merchant, ${value} as value from ${table}
    where ${row} > ${after} and ${value} is not null and ${fits} order by ${row} limit ${limit}`);
  return found.rows;
}

/**
 * Puts the new values where the old ones still stand: what was renewed or erased meanwhile stays as it is. Rows that somebody else is
 * writing are left for later, so that nobody waits for this. Returns how many were replaced.
 */
export async function replaceSealed(tx: Tx, column: SealedColumn, changes: readonly Resealed[]): Promise<number> {
  const { table, value, row } = partsOf(column);
  const replaced = await tx.execute(sql`
    with fresh as (select "row" as id, seen, fresh from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as told ("row" text, seen text, fresh text)),
    held as (
      select fresh.id, fresh.fresh from ${table} t join fresh on t.${row} = fresh.id and t.${value} = fresh.seen
      order by t.${row} for no key update of t skip locked)
    update ${table} set ${value} = held.fresh from held where ${table}.${row} = held.id`);
  return replaced.rowCount ?? 0;
}
