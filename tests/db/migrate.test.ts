import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { database } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { migrate } from "@/db/migrate";
import { useDatabase } from "@/tests/support/database";

useDatabase();
// A server tells of the locks in all its databases.
const OWN = sql`(select oid from pg_database where datname = current_database())`;
let folder = "";

async function write(...statements: string[]) {
  await mkdir(join(folder, "meta"), { recursive: true });
  const entries = statements.map((_, idx) => ({
    idx,
    version: "7",
    when: 4_000_000_000_000 + idx,
    tag: `000${idx}_test`,
    breakpoints: true,
  }));
  await writeFile(join(folder, "meta", "_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
  await Promise.all(statements.map((text, idx) => writeFile(join(folder, `000${idx}_test.sql`), text)));
}

async function tables(): Promise<string[]> {
  const { rows } = await database().execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_name like 'probe%' order by 1`,
  );
  return rows.map((row) => row.name);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-migrations-"));
});
beforeEach(async () => {
  await database().execute(sql`drop table if exists probe_a, probe_b`);
  await database().execute(sql`delete from drizzle.__drizzle_migrations where created_at >= 4000000000000`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("has nothing left to do in the product's own folder", async () => {
  expect(await migrate(database())).toBe(0);
});

it("applies each migration once although six come at the same time, and keeps no lock", async () => {
  await write("create table probe_a (id int); --> statement-breakpoint\nselect pg_sleep(0.3);", "create table probe_b (id int);");
  const counts = await Promise.all(Array.from({ length: 6 }, () => migrate(database(), folder)));
  expect(counts.sort()).toEqual([0, 0, 0, 0, 0, 2]);
  expect(await tables()).toEqual(["probe_a", "probe_b"]);
  expect((await database().execute(sql`select from pg_locks where locktype = 'advisory' and database = ${OWN}`)).rows).toHaveLength(0);
});

it("applies only what was added since", async () => {
  await write("create table probe_a (id int);");
  expect(await migrate(database(), folder)).toBe(1);
  await write("create table probe_a (id int);", "create table probe_b (id int);");
  expect(await migrate(database(), folder)).toBe(1);
});

it("P-06 an older build finds nothing to do, and nothing wrong, in a database that a newer one has migrated", async () => {
  await write("create table probe_a (id int);", "create table probe_b (id int);");
  await migrate(database(), folder);
  await write("create table probe_a (id int);");
  expect(await migrate(database(), folder)).toBe(0);
  expect(await tables()).toEqual(["probe_a", "probe_b"]);
});

it("leaves nothing of a run that fails half-way, and then works when mended", async () => {
  await write("create table probe_a (id int);", "create table probe_b (id nonsense);");
  await expect(migrate(database(), folder)).rejects.toBeInstanceOf(DatabaseError);
  expect(await tables()).toEqual([]);
  await write("create table probe_a (id int);", "create table probe_b (id int);");
  expect(await migrate(database(), folder)).toBe(2);
});

it("may take longer than a statement usually may", async () => {
  await write("create table probe_a as select current_setting('statement_timeout') as timeout;");
  await migrate(database(), folder);
  expect((await database().execute(sql`select timeout from probe_a`)).rows).toEqual([{ timeout: "0" }]);
});
