import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database, type Tx, transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { merchants } from "@/db/schema";
import { useDatabase } from "@/tests/support/database";
import { breakConnections, CANARY, refusal } from "@/tests/support/refusal";

const address = useDatabase();

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
        await breakConnections(address());
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
