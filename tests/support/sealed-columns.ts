import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { Sealed } from "@/db/sealed";
import type { Place } from "@/lib/vault";

export type SealedColumn = { table: string; column: string };
/** A ciphertext of some row with the place that it was sealed for, by the convention of all tables. */
export type SealedValue = { place: Place; value: Sealed };

/** Every column that the schema declares as sealed, read from its text: at run time they are columns of text. */
export function sealedColumns(): SealedColumn[] {
  const schema = ["db/schema.ts", "db/offer-tables.ts"].map((file) => readFileSync(join(process.cwd(), file), "utf8")).join("\n");
  const tables = schema.split(/\bpgTable\(\s*/).slice(1);
  return tables.flatMap((text) => {
    const table = /^"(\w+)"/.exec(text)?.[1] ?? "";
    return [...text.matchAll(/\bsealed\("(\w+)"\)/g)].map((match) => ({ table, column: match[1] ?? "" }));
  });
}

const idOf = (table: string) => (table === "key_checks" ? "key_id" : "id");
/** What belongs to the installation is sealed for no merchant. */
const merchantOf = (table: string) =>
  ["key_checks", "alert_destinations", "offer_secrets", "offer_tries"].includes(table) ? "''" : "merchant_id";

/** Every ciphertext in the open database. */
export async function sealedValues(): Promise<SealedValue[]> {
  const each = sealedColumns().map(
    ({ table, column }) =>
      `select '${table}' as "table", '${column}' as "column", ${idOf(table)} as "row", ${merchantOf(table)} as merchant, ${column} as value
       from ${table} where ${column} is not null`,
  );
  const found = await database().execute<Place & { value: Sealed }>(sql.raw(each.join(" union all ")));
  return found.rows.map(({ value, ...place }) => ({ place, value }));
}
