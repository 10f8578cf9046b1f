import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, transaction } from "@/db/client";
import { administer, dropDatabase, plainClient, takesLimits } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { CANARY, refusal } from "@/tests/support/refusal";
import { isNeon } from "@/tests/support/route";

const address = useDatabase();

describe("opening", () => {
  async function reopen<T>(settings: { url?: string; file?: string }, work: () => Promise<T>): Promise<T> {
    const before = process.env.DATABASE_URL;
    await closeDatabase();
    delete process.env.DATABASE_URL;
    if (settings.url) process.env.DATABASE_URL = settings.url;
    if (settings.file) process.env.DATABASE_URL_FILE = settings.file;
    try {
      return await work();
    } finally {
      await closeDatabase();
      delete process.env.DATABASE_URL_FILE;
      process.env.DATABASE_URL = before;
      await openDatabase({ migrate: false });
    }
  }

  async function inNewDatabase(options: string, work: (url: string) => Promise<void>) {
    const name = `latchkey_other_${process.pid}_${Math.floor(performance.now())}`;
    await administer(address(), `create database ${name} template template0 ${options}`);
    const url = new URL(address());
    url.pathname = `/${name}`;
    await work(url.href).finally(() => dropDatabase(address(), name));
  }

  it("throws a sentence before it is open", () =>
    reopen({}, async () => {
      expect(() => database()).toThrow("openDatabase");
      expect(() => transaction(async () => undefined)).toThrow("openDatabase");
    }));

  it("reads the address from a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-url-"));
    const file = join(folder, "url");
    await writeFile(file, `${address()}\n`);
    await reopen({ file }, async () => {
      await openDatabase({ migrate: false });
      const { rows } = await database().execute<{ name: string }>(sql`select current_database() as name`);
      expect(`/${rows[0]?.name}`).toBe(new URL(address()).pathname);
    });
    await rm(folder, { recursive: true });
  });

  const timeouts = sql`select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`;

  it("limits what a transaction takes, wherever it runs", async () => {
    const { rows } = await transaction((tx) => tx.execute(timeouts));
    expect(rows).toEqual([{ statement: "30s", idle: "1min" }]);
  });

  it("limits every statement where the server takes limits with a connection", async () => {
    const taken = !isNeon(address()) && (await takesLimits(address()));
    expect((await database().execute(timeouts)).rows).toEqual([taken ? { statement: "30s", idle: "1min" } : { statement: "0", idle: "0" }]);
  });

  it("opens once for callers that come together", async () => {
    await Promise.all([openDatabase(), openDatabase(), openDatabase({ migrate: false })]);
    expect((await database().execute(sql`select 1 as one`)).rows).toHaveLength(1);
  });

  it("refuses an encoding other than UTF8, and writes nothing there", () =>
    inNewDatabase("encoding 'SQL_ASCII' locale 'C'", async (url) => {
      await reopen({ url }, async () => {
        await expect(openDatabase()).rejects.toThrow(/SQL_ASCII.*UTF8/);
        expect(() => database()).toThrow("openDatabase");
      });
      const client = await plainClient(url);
      const made = await client.query("select 1 from pg_namespace where nspname = 'drizzle'").finally(() => client.end());
      expect(made.rows).toHaveLength(0);
    }));

  it("refuses a locale in which Arabic has no letters", () =>
    inNewDatabase("encoding 'UTF8' locale 'C'", (url) => reopen({ url }, () => expect(openDatabase()).rejects.toThrow("Arabic"))));

  it("tells that an unmigrated database is unmigrated", () =>
    inNewDatabase("encoding 'UTF8' locale 'C.UTF-8'", (url) =>
      reopen({ url }, () => expect(openDatabase({ migrate: false })).rejects.toThrow("migrate first")),
    ));

  it("tells a wrong password or an absent server by code alone", async () => {
    const wrong = new URL(address());
    wrong.password = CANARY;
    const absent = `postgres://someone:${CANARY}@127.0.0.1:1/none`;
    const told = await plainClient(wrong.href).catch((error: { code?: unknown }) => error.code);
    expect(["28P01", "08P01"]).toContain(told); // A server's own word for it, or PgBouncer's.
    await reopen({ url: wrong.href }, async () => expect((await refusal(openDatabase())).code).toBe(told));
    await reopen({ url: absent }, async () => expect((await refusal(openDatabase())).code).toBe("ECONNREFUSED"));
  });
});
