import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { checkServer, checkTrigrams } from "./check-server";
import type { Tx } from "./client";
import { forms, withCopyClient } from "./copy-client";
import { type CopiedTable, tablesInOrder } from "./copy-order";
import { toDatabaseError } from "./database-error";
import { MIGRATIONS, migrate } from "./migrate";
import { columnList, type Sequence, tableName } from "./snapshot";

/** A database that is being filled: all of it is committed at the end, or nothing. */
export type Refill = {
  /** Makes every table as it was after that migration, empty, and lets nothing react to what is put in. */
  begin(migration: number): Promise<void>;
  /** Puts a table's rows in, as `Snapshot.copy` gave them. Resolves to how many the server took. */
  load(table: CopiedTable, rows: AsyncIterable<Buffer>): Promise<number>;
  /** Sets the sequences, lets everything react again, and applies the migrations that have come since. */
  finish(sequences: readonly Sequence[]): Promise<void>;
  tx: Tx;
};

export class NotEmptyError extends Error {
  override readonly name = "NotEmptyError";
}

/** Fills an empty database within one transaction. Throws NotEmptyError, having changed nothing, where one table or more is there. */
export function refill<T>(url: string | null, work: (into: Refill) => Promise<T>, folder = MIGRATIONS): Promise<T> {
  return withCopyClient(url, ({ client, db }) =>
    db
      .transaction(async (tx) => {
        await client.query(forms());
        await checkServer(tx);
        if (await holdsTables(client)) throw new NotEmptyError();
        const result = await work(refillOf(client, tx, folder));
        await checkTrigrams(tx);
        return result;
      })
      .catch((error: unknown) => {
        throw error instanceof pg.DatabaseError ? toDatabaseError(error, "copy from stdin") : error;
      }),
  );
}

/** What a job's queue keeps in a schema of its own is only hints, and nobody's loss. */
async function holdsTables(client: pg.Client): Promise<boolean> {
  const found = await client.query(`
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'drizzle') and c.relkind in ('r', 'p', 'v', 'm', 'S')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 1`);
  return (found.rowCount ?? 0) > 0;
}

function refillOf(client: pg.Client, tx: Tx, folder: string): Refill {
  let tables: CopiedTable[] = [];
  // References are checked as ever; what tables do of themselves (tallies, texts, places that are still to be given) is in the rows.
  const reactions = async (how: "disable" | "enable") => {
    for (const table of tables) await client.query(`alter table ${tableName(table)} ${how} trigger user`);
  };
  return {
    tx,
    async begin(migration) {
      await migrate(tx, folder, migration);
      tables = await tablesInOrder(client);
      await reactions("disable");
      // A migration may have put a row in.
      await client.query(`truncate ${tables.map(tableName).join(", ")}`);
    },
    async load(table, rows) {
      const into = client.query(copyFrom(`copy ${tableName(table)} ${columnList(table)} from stdin`));
      await pipeline(Readable.from(rows), into);
      return into.rowCount;
    },
    async finish(sequences) {
      for (const { name, value, called } of sequences)
        await client.query("select setval(format('public.%I', $1::text)::regclass, $2::bigint, $3::boolean)", [name, value, called]);
      await reactions("enable");
      await migrate(tx, folder);
      await client.query(`analyze ${tables.map(tableName).join(", ")}`);
    },
  };
}
