import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { Sealed } from "@/db/sealed";
import { sealedColumns } from "@/db/sealed-columns";
import type { Place } from "@/lib/vault";

/** A ciphertext of some row with the place that it was sealed for, by the convention of all tables. */
export type SealedValue = { place: Place; value: Sealed };

/** Every ciphertext in the open database. */
export async function sealedValues(): Promise<SealedValue[]> {
  const each = sealedColumns.map(
    ({ table, column, row, merchant }) =>
      `select '${table}' as "table", '${column}' as "column", ${row} as "row", ${merchant ?? "''"} as merchant, ${column} as value
       from ${table} where ${column} is not null`,
  );
  const found = await database().execute<Place & { value: Sealed }>(sql.raw(each.join(" union all ")));
  return found.rows.map(({ value, ...place }) => ({ place, value }));
}
