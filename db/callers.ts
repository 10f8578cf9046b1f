import { and, eq, sql } from "drizzle-orm";
import { callerPauses } from "./api-tables";
import type { Executor, Tx } from "./client";

export type CallerRow = {
  keyId: string;
  name: string;
  /** In the last seven days. */
  n: number;
  lastAt: Date | null;
  pausedAt: Date | null;
  pausedByName: string | null;
  ended: boolean;
};

/** Who was handed that connection's access in the last seven days, and who is kept from it, the most frequent first. */
export async function callersOf(db: Executor, connectionId: string): Promise<CallerRow[]> {
  const found = await db.execute<Omit<CallerRow, "lastAt" | "pausedAt"> & { lastMs: number | null; pausedMs: number | null }>(sql`
    with used as (
      select key_id, sum(n)::int as n from hand_outs
      where connection_id = ${connectionId} and minute > app_now() - interval '7 days' group by key_id)
    select k.id as "keyId", k.name, coalesce(used.n, 0) as n,
      (select extract(epoch from minute)::float8 * 1000 from hand_outs
        where connection_id = ${connectionId} and key_id = k.id order by minute desc limit 1) as "lastMs",
      extract(epoch from pause.created_at)::float8 * 1000 as "pausedMs", pause.paused_by_name as "pausedByName",
      k.revoked_at is not null or coalesce(k.expires_at <= app_now(), false) as ended
    from used full join (select * from caller_pauses where connection_id = ${connectionId}) as pause using (key_id)
    join api_keys k on k.id = key_id
    order by n desc, k.name, k.id`);
  const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms));
  return found.rows.map(({ lastMs, pausedMs, ...row }) => ({ ...row, lastAt: dateOf(lastMs), pausedAt: dateOf(pausedMs) }));
}

/** False: it was paused before. */
export async function insertPause(tx: Tx, pause: Omit<typeof callerPauses.$inferInsert, "createdAt">): Promise<boolean> {
  const rows = await tx.insert(callerPauses).values(pause).onConflictDoNothing().returning({ keyId: callerPauses.keyId });
  return rows.length > 0;
}

/** That key, and those that took over from it one after the other. */
export async function lineOf(tx: Tx, keyId: string): Promise<{ id: string; name: string }[]> {
  const found = await tx.execute<{ id: string; name: string }>(sql`
    with recursive line as (
      select id, name from api_keys where id = ${keyId}
      union select k.id, k.name from api_keys k join line on k.replaces = line.id)
    select id, name from line`);
  return found.rows;
}

/** Whoever kept a key from a connection keeps the one that takes over from it as well. Resolves to those connections. */
export async function copyPauses(tx: Tx, from: string, to: string): Promise<{ connectionId: string; merchantId: string }[]> {
  const copied = await tx.execute<{ connectionId: string; merchantId: string }>(sql`
    with copied as (
      insert into caller_pauses (connection_id, key_id, paused_by, paused_by_name)
      select connection_id, ${to}, paused_by, paused_by_name from caller_pauses where key_id = ${from}
      on conflict do nothing returning connection_id)
    select c.id as "connectionId", c.merchant_id as "merchantId" from copied join connections c on c.id = copied.connection_id order by c.id`);
  return copied.rows;
}

/** False: it was not paused. */
export async function deletePause(tx: Tx, connectionId: string, keyId: string): Promise<boolean> {
  const rows = await tx
    .delete(callerPauses)
    .where(and(eq(callerPauses.connectionId, connectionId), eq(callerPauses.keyId, keyId)))
    .returning({ keyId: callerPauses.keyId });
  return rows.length > 0;
}
