import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, type Tx, transaction } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { newId } from "@/db/new-id";
import { merchants, users } from "@/db/schema";
import { administer } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";

const address = useDatabase();
const CANARY = "CNRY-9f2e71";

async function refusal(work: PromiseLike<unknown>): Promise<DatabaseError> {
  const error = await Promise.resolve(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  const refused = error as DatabaseError;
  const told = [
    refused.message,
    refused.stack,
    inspect(refused, { depth: 20, showHidden: true }),
    JSON.stringify(refused),
    String(refused),
  ];
  expect(told.join("\n")).not.toContain(CANARY);
  expect(refused.cause).toBeUndefined();
  return refused;
}

/** Ends the other connections to this file's database, as a server's restart would. */
async function breakConnections() {
  const client = new pg.Client({ connectionString: address() });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
}

describe("S-47: what a failed statement tells", () => {
  it("names constraint, table and code of a unique key, never the value", async () => {
    const email = `${CANARY}@example.test`;
    await database()
      .insert(users)
      .values({ id: newId("usr"), email });
    const refused = await refusal(
      database()
        .insert(users)
        .values({ id: newId("usr"), email }),
    );
    expect(refused).toMatchObject({ code: "23505", constraint: "users_email_unique", table: "users", operation: "insert users" });
    expect(refused.message).toContain("users_email_unique");
  });

  it("says nothing of the values on any way to the database", async () => {
    const id = newId("mer");
    await database().insert(merchants).values({ id, name: "a" });
    const missing = sql`null` as unknown as string;
    const bad = sql`${CANARY}::uuid`;
    const prepared = database()
      .select()
      .from(users)
      .where(sql`${sql.placeholder("id")}::uuid is null`)
      .prepare("canary");
    const codes = await Promise.all([
      refusal(database().insert(merchants).values({ id: CANARY, name: missing })),
      refusal(database().update(merchants).set({ name: missing, externalId: CANARY }).where(eq(merchants.id, id))),
      refusal(database().delete(merchants).where(sql`${bad} is null`)),
      refusal(database().select({ bad }).from(merchants)),
      refusal(database().execute(sql`select ${bad}`)),
      refusal(database().execute(sql.raw(`selekt '${CANARY}'`))),
      refusal(database().execute(sql.raw(`select 1 from "${CANARY}"`))),
      refusal(database().$count(merchants, sql`${bad} is null`)),
      refusal(prepared.execute({ id: CANARY })),
      refusal(transaction((tx) => tx.execute(sql`select ${bad}`))),
      refusal(transaction((tx) => tx.transaction((inner) => inner.insert(merchants).values({ id: CANARY, name: missing })))),
      refusal(database().transaction((tx) => tx.execute(sql`select ${bad}`))),
    ]);
    expect(codes.map((error) => error.code)).toEqual(
      ["23502", "23502", "22P02", "22P02", "22P02", "42601", "42P01", "22P02", "22P02", "22P02", "23502", "22P02"], //
    );
  });

  it("tells a deferred constraint that fails at commit", async () => {
    await database().execute(sql`create table later (id text unique deferrable initially deferred)`);
    const refused = await refusal(
      transaction(async (tx) => {
        await tx.execute(sql`insert into later values (${CANARY}), (${CANARY})`);
      }),
    );
    expect(refused).toMatchObject({ code: "23505", operation: "commit" });
  });

  it("tells a lost connection as 57P01 or 08006, and works again at once", async () => {
    const waiting = refusal(database().execute(sql`select pg_sleep(20), ${CANARY}::text`));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await breakConnections();
    expect(["57P01", "08006"]).toContain((await waiting).code);
    expect((await database().execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});

describe("transaction", () => {
  const rows = (id: string) => database().select().from(merchants).where(eq(merchants.id, id));

  it("keeps what resolves and drops what rejects, with the caller's own error", async () => {
    const [kept, dropped] = [newId("mer"), newId("mer")];
    expect(
      await transaction((tx) =>
        tx
          .insert(merchants)
          .values({ id: kept, name: "k" })
          .then(() => "done"),
      ),
    ).toBe("done");
    const own = new Error("mine");
    const failing = transaction(async (tx) => {
      await tx.insert(merchants).values({ id: dropped, name: "d" });
      throw own;
    });
    await expect(failing).rejects.toBe(own);
    expect(await rows(kept)).toHaveLength(1);
    expect(await rows(dropped)).toHaveLength(0);
  });

  it("P-07: refuses the pool inside a transaction, however it is reached", async () => {
    const outside = database();
    const inside = /only the tx/;
    await transaction(async (tx) => {
      expect(() => database()).toThrow(inside);
      expect(() => transaction(async () => undefined)).toThrow(inside);
      await expect(Promise.resolve(outside.select().from(merchants))).rejects.toThrow(inside);
      await expect(Promise.resolve(outside.execute(sql`select 1`))).rejects.toThrow(inside);
      await tx.execute(sql`select 1`);
    });
    await expect(outside.execute(sql`select 1`)).resolves.toBeDefined();
  });

  it("allows the pool to what goes on after the transaction", async () => {
    let later: Promise<unknown> | undefined;
    await transaction(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 50)).then(() => database().execute(sql`select 1`));
    });
    await expect(later).resolves.toBeDefined();
  });

  it("does not call a commit that PostgreSQL turned into a rollback a success", async () => {
    const id = newId("mer");
    const swallowed = transaction(async (tx) => {
      await tx.insert(merchants).values({ id, name: "s" });
      await tx.execute(sql`select 1/0`).then(undefined, () => undefined);
    });
    expect(await refusal(swallowed)).toMatchObject({ code: "25P02", operation: "commit" });
    expect(await rows(id)).toHaveLength(0);
  });

  it("refuses a statement that comes after its transaction has settled", async () => {
    const id = newId("mer");
    let escaped: Tx | undefined;
    let straggler: Promise<unknown> | undefined;
    const work = transaction(async (tx) => {
      escaped = tx;
      straggler = tx.execute(sql`select pg_sleep(0.2)`).then(() => tx.insert(merchants).values({ id, name: "late" }));
      straggler.catch(() => undefined);
      throw new Error("first");
    });
    await expect(work).rejects.toThrow("first");
    await expect(straggler).rejects.toThrow("ended");
    await expect(Promise.resolve(escaped?.execute(sql`select 1`))).rejects.toThrow("ended");
    expect(await rows(id)).toHaveLength(0);
  });

  it("survives connections that break while a transaction thinks, and loses none of the pool's places", async () => {
    for (let round = 0; round < 12; round += 1) {
      const broken = transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        await breakConnections();
        await new Promise((resolve) => setTimeout(resolve, 20));
        await tx.execute(sql`select ${CANARY}::text`);
      });
      expect(["57P01", "08006"]).toContain((await refusal(broken)).code);
    }
    const all = Array.from({ length: 10 }, () => transaction((tx) => tx.execute(sql`select pg_sleep(0.1)`)));
    await expect(Promise.all(all)).resolves.toHaveLength(10);
  });

  it("rejects after five seconds when every connection is taken", async () => {
    const holders = Array.from({ length: 10 }, () => transaction((tx) => tx.execute(sql`select pg_sleep(6)`)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const refused = await Promise.all([refusal(transaction(async () => CANARY)), refusal(database().execute(sql`select ${CANARY}::text`))]);
    expect(refused.map((error) => error.code)).toEqual(["08006", "08006"]);
    await Promise.all(holders);
  });
});

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
    await work(url.href).finally(() => administer(address(), `drop database ${name} with (force)`));
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

  it("limits statements and idle transactions", async () => {
    const { rows } = await database().execute(
      sql`select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(rows).toEqual([{ statement: "30s", idle: "1min" }]);
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
      const client = new pg.Client({ connectionString: url });
      await client.connect();
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
    await reopen({ url: wrong.href }, async () => expect((await refusal(openDatabase())).code).toBe("28P01"));
    await reopen({ url: absent }, async () => expect((await refusal(openDatabase())).code).toBe("ECONNREFUSED"));
  });
});
