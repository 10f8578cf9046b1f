import { sql } from "drizzle-orm";
import { database } from "@/db/client";

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
