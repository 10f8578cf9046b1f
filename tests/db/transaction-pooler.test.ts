import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, transaction } from "@/db/client";
import { migrate } from "@/db/migrate";
import { administer, dropDatabase, plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { isNeon, neonAddress, plainAddress } from "@/tests/support/route";
import { startTransactionPooler } from "@/tests/support/transaction-pooler";

const address = useDatabase();
let pooler: Awaited<ReturnType<typeof startTransactionPooler>>;

async function open(url: string, options: { migrate?: boolean } = {}) {
  await closeDatabase();
  process.env.DATABASE_URL = url;
  await openDatabase(options);
}

/** The product's address of that database through the pooler. */
const pooled = (name = new URL(address()).pathname) => {
  const plain = Object.assign(new URL(pooler.address), { pathname: name }).href;
  return isNeon(address()) ? neonAddress(plain) : plain;
};

beforeAll(async () => {
  pooler = await startTransactionPooler(plainAddress(address()));
});
afterAll(async () => {
  await open(address(), { migrate: false });
  pooler.end();
});

describe("what the suite's pooler takes from whoever relies on a session", () => {
  it.each([
    ["a setting", "set application_name = 'mine'", "show application_name", "mine"],
    ["a temporary table", "create temporary table mine as select 1 as one", "select one from pg_temp.mine", 1],
    ["a prepared statement", "prepare mine as select 1", "execute mine", 1],
    ["a lock", "select pg_advisory_lock(7)", "select pg_advisory_unlock(7)", true],
    ["a cursor beyond its transaction", "declare mine cursor with hold for select 1", "fetch mine", 1],
  ])("%s is gone with the next transaction, and there within the same", async (_, first, second, kept) => {
    const client = await plainClient(plainAddress(pooled()));
    const ask = () =>
      client.query<Record<string, unknown>>(second).then(
        ({ rows }) => Object.values(rows[0] ?? {})[0],
        () => "refused",
      );
    await client.query("begin");
    await client.query(first);
    expect(await ask()).toBe(kept);
    await client.query("rollback");
    await client.query(first);
    expect(await ask()).not.toBe(kept);
    await client.end();
  });
});

describe("through a transaction pooler", () => {
  const connection = sql`select pg_backend_pid() as pid`;

  it("each of many transactions keeps the connection that it began with", async () => {
    await open(pooled());
    const work = () =>
      transaction(async (tx) => {
        const seen = new Set<unknown>();
        for (let round = 0; round < 4; round += 1) seen.add((await tx.execute(connection)).rows[0]?.pid);
        return seen.size;
      });
    expect(await Promise.all(Array.from({ length: 20 }, work))).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it("a new database is migrated once, whoever comes at the same time", async () => {
    const name = `latchkey_pooled_${randomBytes(4).toString("hex")}`;
    await administer(address(), `create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
    try {
      await open(pooled(`/${name}`));
      await database().execute(sql`drop schema public cascade; drop schema drizzle cascade; create schema public`);
      const counts = await Promise.all(Array.from({ length: 4 }, () => migrate(database())));
      expect(counts.filter((count) => count > 0)).toHaveLength(1);
      await open(pooled(`/${name}`), { migrate: false });
    } finally {
      await closeDatabase();
      await dropDatabase(address(), name);
    }
  });
});
