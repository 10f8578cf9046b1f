import type pg from "pg";
import { plainClient } from "./administer";

/** What each statement finds, on one connection of its own. */
export async function askAll<Row extends pg.QueryResultRow>(url: string, statements: readonly string[]): Promise<Row[][]> {
  const client = await plainClient(url);
  try {
    const answers: Row[][] = [];
    for (const statement of statements) answers.push((await client.query<Row>(statement)).rows);
    return answers;
  } finally {
    await client.end();
  }
}

const OURS = "schemaname not in ('pg_catalog', 'information_schema')";

/**
 * Every row of every table as text, with where it lies and the transaction that last wrote it, and the state of every sequence: equal
 * before and after when nothing was written in between, not even the same again.
 */
export async function contents(url: string): Promise<Record<string, unknown[]>> {
  const [tables = [], sequences = []] = await askAll<{ name: string }>(url, [
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where ${OURS} order by 1`,
    `select format('%I.%I', schemaname, sequencename) as name from pg_sequences where ${OURS} order by 1`,
  ]);
  const names = [...tables, ...sequences].map(({ name }) => name);
  const rows = await askAll(url, [
    ...tables.map(({ name }) => `select ctid::text, xmin::text, t::text from ${name} t order by 3, 1`),
    ...sequences.map(({ name }) => `select last_value::text, is_called from ${name}`),
  ]);
  return Object.fromEntries(names.map((name, index) => [name, rows[index] ?? []]));
}
