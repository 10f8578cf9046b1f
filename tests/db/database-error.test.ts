import { type AddressInfo, createServer, type Socket } from "node:net";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { merchants, users } from "@/db/schema";
import { useDatabase } from "@/tests/support/database";
import { breakConnections, CANARY, refusal } from "@/tests/support/refusal";
import { byWayOf, serverSocket } from "@/tests/support/route";

const address = useDatabase();

async function reopen(url: string) {
  await closeDatabase();
  process.env.DATABASE_URL = url;
  await openDatabase({ migrate: false });
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

  it("tells a connection that is cut without a word as 08006 or what the system calls it, and works again at once", async () => {
    const clients = new Set<Socket>();
    const listener = createServer((client) => {
      const server = serverSocket(address());
      for (const socket of [client, server]) socket.on("error", () => undefined);
      clients.add(client.once("close", () => server.destroy()));
      client.pipe(server).pipe(client);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    await reopen(byWayOf((listener.address() as AddressInfo).port, address()));
    const codes: string[] = [];
    for (const how of ["destroy", "resetAndDestroy"] as const) {
      const waiting = refusal(database().execute(sql`select pg_sleep(20), ${CANARY}::text`));
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const client of clients) client[how]();
      clients.clear();
      codes.push((await waiting).code);
      // An idle connection that was cut as well may be met before its end was heard of.
      const again = () => database().execute(sql`select 1 as one`);
      await expect.poll(async () => (await again().catch(() => null))?.rows, { timeout: 1_000 }).toEqual([{ one: 1 }]);
    }
    for (const code of codes) expect(["08006", "ECONNRESET"]).toContain(code);
    await reopen(address());
    await new Promise((resolve) => listener.close(resolve));
  });

  it("tells a lost connection as 57P01 or 08006, and works again within a second", async () => {
    const waiting = refusal(database().execute(sql`select pg_sleep(20), ${CANARY}::text`));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await breakConnections(address());
    expect(["57P01", "08006"]).toContain((await waiting).code);
    // An idle connection that was broken as well may be met before its end was heard of.
    const again = () => database().execute(sql`select 1 as one`);
    await expect.poll(async () => (await again().catch(() => null))?.rows, { timeout: 1_000 }).toEqual([{ one: 1 }]);
  });
});
