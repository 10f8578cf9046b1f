import { and, eq, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { platformSessions, platformSessionUses } from "./schema";
import type { Sealed } from "./sealed";

export type SessionKeyRow = { offer: string; merchantId: string; keyHash: string };
export type SessionRow = { id: string; value: Sealed | null; expiresAt: Date | null; usable: boolean };

const matches = (key: SessionKeyRow) =>
  and(eq(platformSessions.offer, key.offer), eq(platformSessions.merchantId, key.merchantId), eq(platformSessions.keyHash, key.keyHash));

/** The session's row, made empty where there is none; `usable`: it has a value and at least `spareS` seconds to live. */
export async function findSession(db: Executor, key: SessionKeyRow, spareS: number): Promise<SessionRow> {
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
  if (!row) throw new Error("A platform session vanished while it was read.");
  return row;
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

export async function noteSessionUse(db: Executor, sessionId: string, connectionId: string): Promise<void> {
  await db.insert(platformSessionUses).values({ sessionId, connectionId }).onConflictDoNothing();
}

/** Takes a connection off its sessions and erases those that nobody uses any more. */
export async function dropSessionUses(tx: Tx, connectionId: string): Promise<void> {
  await tx.execute(sql`
    with used as (delete from platform_session_uses where connection_id = ${connectionId} returning session_id)
    delete from platform_sessions s using used
    where s.id = used.session_id
      and not exists (select 1 from platform_session_uses u where u.session_id = s.id and u.connection_id <> ${connectionId})`);
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
