import { drizzle, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";
import { toDatabaseError } from "./database-error";
import { locate } from "./locate";

export type CopyClient = { client: pg.Client; db: PgDatabase<NodePgQueryResultHKT> };

/** As every server and every build writes and reads them. Local to the transaction: a pooler may stand between. */
const FORMS = {
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  datestyle: "ISO",
  intervalstyle: "postgres",
  timezone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  client_encoding: "UTF8",
};

/** To be asked first in a transaction that copies. */
export const forms = (): string =>
  `select ${Object.entries(FORMS)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;

/**
 * Work on one connection of its own, by node-postgres also where Neon's driver is used for all else: COPY is nothing that a WebSocket
 * bears, and Neon listens to both. `url` null: the installation's database. Throws DatabaseError where nobody answers.
 */
export async function withCopyClient<T>(url: string | null, work: (copy: CopyClient) => Promise<T>): Promise<T> {
  const { url: connectionString, leave } = url === null ? await locate() : { url };
  const client = new pg.Client({ connectionString, keepAlive: true, application_name: "latchkey-copy", connectionTimeoutMillis: 15_000 });
  client.on("error", () => undefined); // Whoever waits on it is told by a rejection.
  try {
    await client.connect().catch((error: unknown) => {
      throw toDatabaseError(error, "connect");
    });
    return await work({ client, db: drizzle({ client }) });
  } finally {
    await client.end().catch(() => undefined);
    await leave?.();
  }
}
