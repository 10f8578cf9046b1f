import { is } from "drizzle-orm";
import { getTableConfig, PgCustomColumn, PgTable } from "drizzle-orm/pg-core";
import * as apiTables from "./api-tables";
import * as bulkTables from "./bulk-tables";
import * as healthTables from "./health-tables";
import * as listTables from "./list-tables";
import * as offerTables from "./offer-tables";
import * as restoreTables from "./restore-tables";
import * as rotationTables from "./rotation-tables";
import * as schema from "./schema";

/** `row` is the column that its rows are known by; `merchant` the one that names whose they are, null where they are the installation's. */
export type SealedColumn = { table: string; column: string; row: string; merchant: string | null };

const everything = [apiTables, bulkTables, healthTables, listTables, offerTables, restoreTables, rotationTables, schema];

function columnsOf(table: PgTable): SealedColumn[] {
  const { name, columns } = getTableConfig(table);
  const sealed = columns.filter((column) => is(column, PgCustomColumn));
  const row = columns.find(({ primary }) => primary)?.name;
  if (sealed.length > 0 && row === undefined) throw new Error(`${name} has sealed columns, and no column that its rows are known by`);
  const merchant = columns.find((column) => column.name === "merchant_id")?.name ?? null;
  return sealed.map((column) => ({ table: name, column: column.name, row: row ?? "", merchant }));
}

/** Every sealed column there is, read from the schema itself, so that none can be forgotten. */
export const sealedColumns: readonly SealedColumn[] = everything.flatMap((tables) =>
  Object.values(tables).flatMap((table: unknown) => (is(table, PgTable) ? columnsOf(table) : [])),
);

/** Those that are sealed anew with another key. What a key is known again by stays sealed with that key. */
export const rotatedColumns: readonly SealedColumn[] = sealedColumns.filter(({ table }) => table !== "key_checks");
