import { sql } from "drizzle-orm";
import { database, transaction } from "@/db/client";

/** How the house stands while a page is asked for. */
export type Meanwhile = "incident" | "broken" | "down";

const raising = (code: string, table: string): string[] => [
  `create function refuse() returns boolean stable language plpgsql as $$ begin raise exception 'on purpose' using errcode = '${code}'; end $$`,
  `alter table ${table} rename to ${table}_away`,
  `create view ${table} as select * from ${table}_away where refuse()`,
];
const calm = (table: string): string[] => [`drop view ${table}`, `alter table ${table}_away rename to ${table}`, "drop function refuse()"];

const ways: Record<Meanwhile, { begin: string[]; end: string[] }> = {
  // The platform refuses our own client.
  incident: {
    begin: [
      "insert into incidents (id, offer, code, probe_at) values ('inc_scene', 'noon', 'invalid_client', app_now() + interval '1 hour')",
    ],
    end: ["delete from incidents where id = 'inc_scene'"],
  },
  // A bug: a query fails as none should.
  broken: { begin: raising("XX000", "connections"), end: calm("connections") },
  // The database takes no more connections.
  down: { begin: raising("53300", "incidents"), end: calm("incidents") },
};

/** Runs `work` while the house stands like that, and puts everything back. */
export async function during<T>(meanwhile: Meanwhile | undefined, work: () => Promise<T>): Promise<T> {
  if (!meanwhile) return work();
  const { begin, end } = ways[meanwhile];
  const run = async (statements: string[]) => {
    for (const statement of statements) await database().execute(sql.raw(statement));
  };
  await run(begin);
  return work().finally(() => run(end));
}

/** Longer than it takes to look at a page in every width; whoever asks later waits for the rest of it. */
const HELD_S = 5;
const FIGURES = "select tablename from pg_tables where schemaname = 'public' and (tablename = 'connections' or tablename like '%tall%')";

/** From now on, and for a few seconds, nobody gets to read a connection or to count any. Does not wait for the end. */
export async function holdUp(): Promise<void> {
  const { rows } = await database().execute<{ tablename: string }>(sql.raw(FIGURES));
  await new Promise<void>((begun, failed) => {
    transaction(async (tx) => {
      await tx.execute(sql.raw(`lock table ${rows.map(({ tablename }) => `"${tablename}"`).join(", ")} in access exclusive mode`));
      begun();
      await tx.execute(sql.raw(`select pg_sleep(${HELD_S})`));
    }).catch(failed);
  });
}
