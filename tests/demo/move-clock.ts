import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { database, type Tx, transaction } from "@/db/client";
import type { Clock } from "./clock";

const AGAIN_MS = 500;

/**
 * Lets that much time pass for the platforms and the product. Work that is in somebody's hands stays there: its lease moves along, as if it had
 * begun that much later, so that nobody takes a living process for one that died. Who is signed in stays so, and who worked until now is
 * not taken for silent.
 */
export async function moveClock(clock: Clock, ms: number): Promise<void> {
  clock.move(ms);
  const ahead = sql`make_interval(secs => ${ms / 1000}::float8)`;
  const leases = await leaseColumns();
  await transaction(async (tx) => {
    await tx.execute(sql`select from clock for update`);
    // Before the clock moves: only what holds now is moved along.
    for (const { table, column } of leases) await moveAlong(tx, table, column, sql`> app_now()`, ahead);
    await tx.execute(sql`update connections set sent_at = sent_at + ${ahead} where sent_at is not null and lease_until > app_now()`);
    await tx.execute(sql`update workers set seen_at = seen_at + ${ahead} where seen_at > app_now() - interval '2 minutes'`);
    await tx.execute(
      sql`update sessions set created_at = created_at + ${ahead}, seen_at = seen_at + ${ahead}, expires_at = expires_at + ${ahead}`,
    );
    await tx.execute(sql`update clock set ahead = ahead + ${ahead}`);
  });
  // A claim that was being written meanwhile has the old time: it ends between the two.
  await sleep(AGAIN_MS);
  await transaction(async (tx) => {
    for (const { table, column } of leases)
      await moveAlong(tx, table, column, sql`between app_now() - ${ahead} and app_now() - interval '1 minute'`, ahead);
  });
}

type Column = { table: string; column: string };

async function leaseColumns(): Promise<Column[]> {
  const found = await database().execute<Column>(sql`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and column_name in ('lease_until', 'busy_until')`);
  return found.rows;
}

async function moveAlong(
  tx: Tx,
  table: string,
  column: string,
  when: ReturnType<typeof sql>,
  ahead: ReturnType<typeof sql>,
): Promise<void> {
  const name = sql.identifier(column);
  await tx.execute(sql`update ${sql.identifier(table)} set ${name} = ${name} + ${ahead} where ${name} ${when}`);
}

/** How far the product's clock is ahead of its server's, in ms. */
export async function readAheadMs(): Promise<number> {
  const found = await database().execute<{ ms: number }>(sql`select (extract(epoch from ahead) * 1000)::float8 as ms from clock`);
  return found.rows[0]?.ms ?? 0;
}
