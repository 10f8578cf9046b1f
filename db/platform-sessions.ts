import { and, eq, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { platformSessions } from "./schema";
import type { Sealed } from "./sealed";

export type SessionKeyRow = { offer: string; merchantId: string; keyHash: string };
export type SessionRow = { id: string; value: Sealed | null; expiresAt: Date | null; usable: boolean };

const matches = (key: SessionKeyRow) =>
  and(eq(platformSessions.offer, key.offer), eq(platformSessions.merchantId, key.merchantId), eq(platformSessions.keyHash, key.keyHash));

/**
 * The session's row, made empty where there is none; `usable`: it has a value and at least `spareS` seconds to live. Null: it was erased
 * between the two statements, since the last connection that used it ended.
 */
export async function findSession(db: Executor, key: SessionKeyRow, spareS: number): Promise<SessionRow | null> {
  await db
    .insert(platformSessions)
    .values({ id: newId("ses"), ...key })
    .onConflictDoNothing();
  const [row] = await db
    .select({
      id: platformSessions.id,
      value: platformSessions.value,
      expiresAt: platformSessions.expiresAt,
      usable: sql<boolean>`value is not null and (expires_at is null or expires_at > app_now() + make_interval(secs => ${spareS}))`,
    })
    .from(platformSessions)
    .where(matches(key));
  return row ?? null;
}

/** One process makes the value, unless it changed since it was `seen`; the lease ends by itself when that process dies. */
export async function leaseSession(db: Executor, id: string, seen: Sealed | null, leaseId: string, leaseS: number): Promise<boolean> {
  const taken = await db
    .update(platformSessions)
    .set({ leaseId, leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})` })
    .where(
      and(eq(platformSessions.id, id), sql`value is not distinct from ${seen}`, sql`(lease_until is null or lease_until <= app_now())`),
    )
    .returning({ id: platformSessions.id });
  return taken.length > 0;
}

export async function storeSession(db: Executor, id: string, leaseId: string, value: Sealed, expiresAt: Date | null): Promise<void> {
  await db
    .update(platformSessions)
    .set({ value, expiresAt, leaseId: null, leaseUntil: null })
    .where(and(eq(platformSessions.id, id), eq(platformSessions.leaseId, leaseId)));
}

export async function releaseSession(db: Executor, id: string, leaseId: string): Promise<void> {
  await db
    .update(platformSessions)
    .set({ leaseId: null, leaseUntil: null })
    .where(and(eq(platformSessions.id, id), eq(platformSessions.leaseId, leaseId)));
}

/** The session is this connection's too, so that it outlives the others that use it. False: it was erased already. */
export async function noteSessionUse(db: Executor, sessionId: string, connectionId: string): Promise<boolean> {
  const held = await db.execute(sql`
    with held as (select id from platform_sessions where id = ${sessionId} for key share),
      noted as (insert into platform_session_uses (session_id, connection_id) select id, ${connectionId} from held on conflict do nothing)
    select id from held`);
  return (held.rowCount ?? 0) > 0;
}

/** Takes a connection off its sessions and erases those that nobody uses any more. */
export async function dropSessionUses(tx: Tx, connectionId: string): Promise<void> {
  for (;;) {
    // Before anything else, as whoever notes a use does, and in a statement of its own, so that the next one sees what they noted.
    const locked = await tx.execute<{ id: string }>(sql`
      select id from platform_sessions where id in (select session_id from platform_session_uses where connection_id = ${connectionId})
      order by id for update`);
    if (locked.rows.length === 0) return;
    // Of these and no others: one that was made meanwhile is locked first as well.
    const ids = sql.param(locked.rows.map(({ id }) => id));
    await tx.execute(sql`
      with used as (
        delete from platform_session_uses where connection_id = ${connectionId} and session_id = any(${ids}) returning session_id)
      delete from platform_sessions s using used
      where s.id = used.session_id
        and not exists (select 1 from platform_session_uses u where u.session_id = s.id and u.connection_id <> ${connectionId})`);
  }
}

/** A pending row's sessions go on serving the connection that it became. */
export async function moveSessionUses(tx: Tx, from: string, to: string): Promise<void> {
  await tx.execute(sql`
    insert into platform_session_uses (session_id, connection_id)
    select session_id, ${to} from platform_session_uses where connection_id = ${from}
    on conflict do nothing`);
}

/** Sessions that no connection uses, such as those of a consent that came to nothing, are erased after an hour. */
export async function forgetUnusedSessions(db: Executor): Promise<void> {
  await db.execute(sql`
    delete from platform_sessions s where s.created_at <= app_now() - interval '1 hour'
      and (s.lease_until is null or s.lease_until <= app_now())
      and not exists (select 1 from platform_session_uses u where u.session_id = s.id)`);
}
