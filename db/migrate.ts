import { join } from "node:path";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";

// "latchkey" in ASCII; any constant that no other program takes would do.
const MIGRATION_LOCK = 0x6c617463;

export const MIGRATIONS = join(process.cwd(), "db", "migrations");

/** The migrations that this build brings, the oldest first: `at` names one, as the database keeps it. */
export const knownMigrations = (folder = MIGRATIONS): { at: number; hash: string }[] =>
  readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis, hash }) => ({ at: folderMillis, hash }));

/**
 * Applies what is missing of drizzle-kit's migrations, all in one transaction, and returns how many were applied. `until`: none after that one.
 * Drizzle's own runner takes no lock, and a session's advisory lock is lost behind a transaction pooler: the
 * transaction's lock lets a second process wait here and then find nothing left to do.
 */
export async function migrate(db: PgDatabase<NodePgQueryResultHKT>, folder = MIGRATIONS, until = Infinity): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`);
    await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`);
    await tx.execute(sql`create schema if not exists drizzle`);
    await tx.execute(
      sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
    );
    const last = await tx.execute<{ at: string | null }>(sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`);
    const appliedUntil = Number(last.rows[0]?.at ?? 0);
    const missing = migrations.filter(({ folderMillis }) => folderMillis > appliedUntil && folderMillis <= until);
    for (const migration of missing) {
      for (const statement of migration.sql) await tx.execute(sql.raw(statement));
      await tx.execute(
        sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${migration.hash}, ${migration.folderMillis})`,
      );
    }
    return missing.length;
  });
}
