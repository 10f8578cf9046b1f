import { sql } from "drizzle-orm";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";

type Drizzled = PgDatabase<NodePgQueryResultHKT>;

const HOW = "Make one with: CREATE DATABASE latchkey TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';";

/** Refuses, before anything is written, a database that cannot hold Arabic or has no trigram search to offer. */
export async function checkServer(db: Drizzled): Promise<void> {
  const { rows } = await db.execute<{ encoding: string; trigrams: boolean }>(
    sql`select current_setting('server_encoding') as encoding, exists (select from pg_available_extensions where name = 'pg_trgm') as trigrams`,
  );
  const server = rows[0];
  if (server?.encoding !== "UTF8") throw new Error(`The database's encoding is ${server?.encoding}, Latchkey needs UTF8. ${HOW}`);
  if (!server.trigrams)
    throw new Error("This PostgreSQL does not offer the extension pg_trgm (package postgresql-contrib), which search needs.");
}

/** Refuses a migrated database whose locale takes Arabic letters for punctuation: search would find nothing and say nothing. */
export async function checkTrigrams(db: Drizzled): Promise<void> {
  const installed = await db.execute<{ schema: string }>(
    sql`select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_trgm'`,
  );
  const schema = installed.rows[0]?.schema;
  if (!schema) throw new Error("The extension pg_trgm is missing: migrate first (npm run migrate), as a user who may create extensions.");
  const { rows } = await db.execute<{ trigrams: string[] }>(sql`select ${sql.raw(schema)}.show_trgm('الأمل') as trigrams`);
  if (!rows[0]?.trigrams.length) throw new Error(`The database's locale does not know Arabic letters, so search cannot work. ${HOW}`);
}
