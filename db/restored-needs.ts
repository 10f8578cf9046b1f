import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "./client";

/** How long after a restore what it takes is found out before everybody who is concerned is told, at the most. */
const FOUND_OUT = sql`interval '6 hours'`;

const latest = sql`(select id, taken_at, restored_at from restores order by restored_at desc limit 1)`;

/**
 * That a connection needs its owner because of a restore: what it holds is older than the backup, and it was refused after the restore. The
 * platform has replaced it in between, and what it gave then is lost.
 */
const lost = sql`(c.state = 'needs_reconnect' and c.issued_at <= r.taken_at and c.owner_needed_at >= r.restored_at)`;

export const restoredKey = (restore: string, merchantId: string, userId: string): string =>
  `stores_need_you:${restore}:${merchantId}:${userId}`;
const key = sql`'stores_need_you:' || r.id || ':' || c.merchant_id || ':' || u.id`;

/** That the one message about a restore tells `u` of the connection `c`, or has told already. */
export const toldWithOthers: SQL = sql`exists (
  select from connections c, ${latest} r, users u where c.id = connections.id and u.id = users.id and ${lost}
    and c.owner_needed_at <= coalesce((select d.created_at from deliveries d where d.key = ${key}), r.restored_at + ${FOUND_OUT}))`;

export type RestoredNeed = { restore: string; merchantId: string; userId: string; email: string; locale: string | null };

/** Whom a restore has cost stores and nobody has told so: once everything of their merchant that was due by then has been tried. */
export async function untoldRestored(db: Executor, limit: number): Promise<RestoredNeed[]> {
  const found = await db.execute<RestoredNeed>(sql`
    select distinct r.id as restore, c.merchant_id as "merchantId", u.id as "userId", u.email, u.locale
    from ${latest} r join connections c on ${lost} join memberships m on m.merchant_id = c.merchant_id join users u on u.id = m.user_id
    where u.disabled_at is null and not 'store_needs_you' = any(u.unsubscribed)
      and c.owner_needed_at <= r.restored_at + ${FOUND_OUT}
      and (r.restored_at + ${FOUND_OUT} <= app_now() or not exists (
        select from connections o where o.merchant_id = c.merchant_id and o.status = 'active'
          and o.issued_at <= r.taken_at and o.next_refresh_at <= r.restored_at))
      and not exists (select from deliveries d where d.key = ${key})
    limit ${limit}`);
  return found.rows;
}

export type RestoredStore = { offer: string; name: string | null };

/** What is still to be told, and whether to this person: the stores that a restore cost a merchant and that still need somebody. */
export async function restoredStores(
  db: Executor,
  { restore, merchantId, userId }: Pick<RestoredNeed, "restore" | "merchantId" | "userId">,
): Promise<{ takenAt: Date; email: string; locale: string | null; wanted: boolean; stores: RestoredStore[] } | null> {
  const found = await db.execute<{ takenAt: string; email: string; locale: string | null; wanted: boolean; stores: RestoredStore[] }>(sql`
    select (extract(epoch from r.taken_at) * 1000)::text as "takenAt", u.email, u.locale,
      u.disabled_at is null and not 'store_needs_you' = any(u.unsubscribed)
        and exists (select from memberships m where m.user_id = u.id and m.merchant_id = ${merchantId}) as wanted,
      coalesce((select jsonb_agg(jsonb_build_object('offer', c.offer, 'name', coalesce(c.label, c.account_label, c.account_id)) order by c.created_at, c.id)
        from connections c where c.merchant_id = ${merchantId} and ${lost}), '[]') as stores
    from restores r, users u where r.id = ${restore} and u.id = ${userId}`);
  const [row] = found.rows;
  return row ? { ...row, takenAt: new Date(Number(row.takenAt)) } : null;
}

/** Whether access of that age is from before a backup that this database was filled from since. */
export async function isFromBackup(db: Executor, issuedAt: Date | null): Promise<boolean> {
  if (issuedAt === null) return false;
  const found = await db.execute(sql`select from restores where taken_at >= ${issuedAt.toISOString()}::timestamptz limit 1`);
  return found.rows.length > 0;
}
