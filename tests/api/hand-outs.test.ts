import { sql } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { database } from "@/db/client";
import { forgetHandOuts } from "@/db/hand-outs";
import { createKey } from "@/lib/keys/create-key";
import { assertCounting, flushHandOuts, noteHandOut, noteUse, startFlushing, stopFlushing } from "@/lib/keys/hand-outs";
import { moveClock } from "@/tests/auth/people";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";

useDatabase();

const fails = () => Promise.reject(new Error("away"));

/** How often by connection, over all minutes. */
async function written(keyId: string): Promise<Record<string, number>> {
  const found = await database().execute<{ id: string; n: number }>(
    sql`select connection_id as id, sum(n)::int as n from hand_outs where key_id = ${keyId} group by 1`,
  );
  return Object.fromEntries(found.rows.map(({ id, n }) => [id, n]));
}

async function minutes(keyId: string): Promise<number> {
  const found = await database().execute<{ n: number }>(
    sql`select count(distinct minute)::int as n from hand_outs where key_id = ${keyId}`,
  );
  return found.rows[0]?.n ?? 0;
}

async function lastUsed(keyId: string): Promise<boolean> {
  const found = await database().execute(sql`select from api_keys where id = ${keyId} and last_used_at > app_now() - interval '1 minute'`);
  return found.rows.length === 1;
}

let key: string;
beforeEach(async () => {
  await flushHandOuts();
  key = (await createKey(await staff("admin"), { name: "orders-sync", scopes: ["access:read"] })).id;
});

it("counts by key, connection and minute, over flushes and processes, and tells when a key was last used", async () => {
  for (const id of ["con_a", "con_a", "con_b"]) noteHandOut(key, id);
  expect([await written(key), await lastUsed(key)]).toEqual([{}, false]);
  await flushHandOuts();
  expect([await written(key), await lastUsed(key)]).toEqual([{ con_a: 2, con_b: 1 }, true]);
  noteHandOut(key, "con_a");
  await Promise.all([flushHandOuts(), flushHandOuts()]);
  await moveClock("10 minutes");
  expect([await written(key), await lastUsed(key)]).toEqual([{ con_a: 3, con_b: 1 }, false]);
  const before = await minutes(key);
  noteHandOut(key, "con_a");
  await flushHandOuts();
  expect([await written(key), await minutes(key)]).toEqual([{ con_a: 4, con_b: 1 }, before + 1]);
  await moveClock("10 minutes");
  noteUse(key);
  await flushHandOuts();
  expect([await written(key), await lastUsed(key)]).toEqual([{ con_a: 4, con_b: 1 }, true]);
});

it("keeps what it could not write, answers 503 after 15 s of that, and goes on by itself", async () => {
  const began = performance.now();
  noteHandOut(key, "con_a");
  await flushHandOuts(fails);
  noteHandOut(key, "con_a");
  await flushHandOuts(fails);
  expect(() => assertCounting(began + 14_900)).not.toThrow();
  expect(() => assertCounting(performance.now() + 15_000)).toThrow(expect.objectContaining({ code: "counting_failed", status: 503 }));
  await flushHandOuts();
  expect(() => assertCounting(performance.now() + 60_000)).not.toThrow();
  expect(await written(key)).toEqual({ con_a: 2 });
});

it("a write that hangs is one that fails", async () => {
  let end: () => void = () => undefined;
  noteHandOut(key, "con_a");
  const hanging = flushHandOuts(() => new Promise<void>((resolve) => (end = resolve)));
  noteHandOut(key, "con_a");
  expect(() => assertCounting(performance.now() + 15_000)).toThrow("counting_failed");
  end();
  await hanging;
  expect(() => assertCounting(performance.now() + 60_000)).not.toThrow();
});

it("what is left is written when a process ends", async () => {
  startFlushing();
  noteHandOut(key, "con_a");
  await stopFlushing();
  expect(await written(key)).toEqual({ con_a: 1 });
});

it("what is older than 90 days is forgotten", async () => {
  noteHandOut(key, "con_a");
  await flushHandOuts();
  await moveClock("89 days");
  noteHandOut(key, "con_b");
  await flushHandOuts();
  await forgetHandOuts(database());
  expect(await written(key)).toEqual({ con_a: 1, con_b: 1 });
  await moveClock("1 day 1 minute");
  await forgetHandOuts(database());
  expect(await written(key)).toEqual({ con_b: 1 });
});
