import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { memberships, merchants, type Role, sessions, users } from "./schema";

export type LiveSession = {
  userId: string;
  name: string | null;
  email: string;
  signedInAt: Date;
  /** Seconds since the session began and since its last request. */
  ageS: number;
  idleS: number;
  memberships: { role: Role; merchantId: string | null; merchantName: string | null }[];
};

export async function insertSession(db: Executor, tokenHash: string, userId: string, lifeS: number): Promise<void> {
  await db.insert(sessions).values({ tokenHash, userId, expiresAt: sql`app_now() + make_interval(secs => ${lifeS})` });
}

/** The session with its person and what that person is now, in one query; null when it ended or the person is disabled. */
export async function findLiveSession(db: Executor, tokenHash: string): Promise<LiveSession | null> {
  const rows = await db
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      signedInAt: sessions.createdAt,
      ageS: sql<number>`extract(epoch from app_now() - ${sessions.createdAt})::float8`,
      idleS: sql<number>`extract(epoch from app_now() - ${sessions.seenAt})::float8`,
      role: memberships.role,
      merchantId: memberships.merchantId,
      merchantName: merchants.name,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(memberships, eq(memberships.userId, users.id))
    .leftJoin(merchants, eq(merchants.id, memberships.merchantId))
    .where(and(eq(sessions.tokenHash, tokenHash), isNull(users.disabledAt), sql`${sessions.expiresAt} > app_now()`))
    .orderBy(asc(memberships.createdAt), asc(memberships.id));
  const [first] = rows;
  if (!first) return null;
  const { role: _role, merchantId: _merchantId, merchantName: _merchantName, ...session } = first;
  return {
    ...session,
    memberships: rows.flatMap(({ role, merchantId, merchantName }) => (role ? [{ role, merchantId, merchantName }] : [])),
  };
}

export async function touchSession(db: Executor, tokenHash: string): Promise<void> {
  await db.update(sessions).set({ seenAt: sql`app_now()` }).where(eq(sessions.tokenHash, tokenHash));
}

export async function deleteSession(db: Executor, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
}

/** How many sessions of this person ended. */
export async function deleteSessionsOf(db: Executor, userId: string): Promise<number> {
  const rows = await db.delete(sessions).where(eq(sessions.userId, userId)).returning({ userId: sessions.userId });
  return rows.length;
}

/** A session as admins see and end it: the id is made of the hash, and leads back to neither it nor the token. */
const shownId = sql<string>`substr(encode(sha256(convert_to(${sessions.tokenHash}, 'UTF8')), 'hex'), 1, 24)`;

export type OpenSession = { id: string; begunAt: Date; seenAt: Date };

export async function openSessionsOf(db: Executor, userId: string): Promise<OpenSession[]> {
  return db
    .select({ id: shownId, begunAt: sessions.createdAt, seenAt: sessions.seenAt })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), sql`${sessions.expiresAt} > app_now()`))
    .orderBy(desc(sessions.seenAt))
    .limit(50);
}

/** How many ended: one, or none that had that id. */
export async function deleteSessionOf(db: Executor, userId: string, id: string): Promise<number> {
  const rows = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), eq(shownId, id)))
    .returning({ userId: sessions.userId });
  return rows.length;
}

export async function deleteExpiredSessions(db: Executor): Promise<void> {
  await db.delete(sessions).where(sql`${sessions.expiresAt} <= app_now()`);
}
