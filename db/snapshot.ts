import type { Readable } from "node:stream";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { Executor } from "./client";
import { forms, withCopyClient } from "./copy-client";
import { type CopiedTable, tablesInOrder } from "./copy-order";
import { toDatabaseError } from "./database-error";
import type { KeyMark } from "./key-checks";

export type Sequence = { name: string; value: string; called: boolean };

/** All that was committed at one moment, and nothing that was written after it. */
export type Snapshot = {
  takenAt: string;
  /** The last migration; null: nothing of ours is there. */
  migration: { at: number; hash: string } | null;
  keyChecks: KeyMark[];
  /** The last sealed event's row, as it stands; null: none is sealed. */
  auditHead: Record<string, unknown> | null;
  tables: CopiedTable[];
  sequences: Sequence[];
  /** A table's rows, one on a line. One table at a time. */
  copy(table: CopiedTable): Readable;
};

const identifier = (name: string) => pg.escapeIdentifier(name);
export const tableName = ({ name }: CopiedTable): string => `public.${identifier(name)}`;
export const columnList = ({ columns }: CopiedTable): string => `(${columns.map(identifier).join(", ")})`;

/** Work on one snapshot of the whole database; `after` runs when it is over, in no transaction. */
export function withSnapshot<T>(
  url: string | null,
  work: (snapshot: Snapshot) => Promise<T>,
  after: (db: Executor, result: T) => Promise<void>,
): Promise<T> {
  return withCopyClient(url, async ({ client, db }) => {
    const result = await inSnapshot(client, work).catch((error: unknown) => {
      throw isServers(error) ? toDatabaseError(error, "copy to stdout") : error;
    });
    await after(db, result);
    return result;
  });
}

const isServers = (error: unknown): boolean => error instanceof pg.DatabaseError;

async function inSnapshot<T>(client: pg.Client, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await client.query("begin transaction isolation level repeatable read, read only");
  await client.query(forms());
  const migration = await lastMigration(client);
  const one = async <Row extends pg.QueryResultRow>(text: string) => (await client.query<Row>(text)).rows;
  const result = await work({
    migration,
    takenAt: migration
      ? String((await one<{ now: string }>(`select to_char(app_now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`))[0]?.now)
      : "",
    keyChecks: migration ? await one('select key_id as "keyId", value, stage from key_checks order by created_at, key_id') : [],
    auditHead: migration
      ? ((await one<{ head: Record<string, unknown> }>("select to_jsonb(s) as head from event_seals s order by seq desc limit 1"))[0]
          ?.head ?? null)
      : null,
    tables: await tablesInOrder(client),
    // No snapshot holds a sequence: it may stand further than the rows do, and never behind them.
    sequences: await one(`
      select sequencename as name, coalesce(last_value, start_value)::text as value, last_value is not null as called
      from pg_sequences where schemaname = 'public' order by 1`),
    copy: (table) => client.query(copyTo(`copy ${tableName(table)} ${columnList(table)} to stdout`)),
  });
  await client.query("commit");
  return result;
}

async function lastMigration(client: pg.Client): Promise<Snapshot["migration"]> {
  const there = await client.query("select from pg_class where oid = to_regclass('drizzle.__drizzle_migrations')");
  if (there.rowCount === 0) return null;
  const last = await client.query<{ at: string; hash: string }>(
    "select created_at::text as at, hash from drizzle.__drizzle_migrations order by created_at desc limit 1",
  );
  const [row] = last.rows;
  return row ? { at: Number(row.at), hash: row.hash } : null;
}
