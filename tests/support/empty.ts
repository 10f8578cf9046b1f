import { type SQL, sql } from "drizzle-orm";
import { database } from "@/db/client";

/** These tables, and those that refer to them, however far away. */
const hanging = (tables: readonly string[]): SQL => sql`
  with recursive found (id) as (
    select unnest(${`{${tables.join(", ")}}`}::regclass[])::oid
    union select conrelid from pg_constraint join found on confrelid = id where contype = 'f')
  select id::regclass::text as name from found`;

const known = new Map<string, SQL>();

/**
 * Takes all rows out of tables and of what hangs on them: TRUNCATE … CASCADE takes a tenth of a second for that, before most tests.
 * Triggers count what is taken out: a table of such counts is not to be named beside what it counts.
 */
export async function empty(...tables: string[]): Promise<void> {
  const key = tables.join();
  let statement = known.get(key);
  if (!statement) {
    const { rows } = await database().execute<{ name: string }>(hanging(tables));
    statement = sql.raw(`with ${rows.map(({ name }) => `"${name}_gone" as (delete from ${name})`).join(", ")} select`);
    known.set(key, statement);
  }
  await database().execute(statement);
}
