import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { connectLinks } from "./api-tables";
import type { Executor, Tx } from "./client";
import { connections, merchants } from "./schema";

type Row = typeof connectLinks.$inferSelect;
export type NewLink = Pick<
  Row,
  "id" | "tokenHash" | "merchantId" | "offer" | "connectionId" | "locale" | "returnUrl" | "createdByKind" | "createdBy" | "createdByName"
> & { livesS: number };

/** `expired` by the database's clock; `ended`: the connection that it is to bring back was revoked. */
export type LinkRow = Row & { merchantName: string; expired: boolean; ended: boolean };

const whole = {
  link: connectLinks,
  merchantName: merchants.name,
  expired: sql<boolean>`${connectLinks.expiresAt} <= app_now()`,
  ended: sql<boolean>`${connectLinks.connectionId} is not null and coalesce(${connections.status} in ('revoking', 'revoked'), true)`,
};

/** What a link can be begun with as long as it holds. */
const live = and(isNull(connectLinks.usedAt), isNull(connectLinks.revokedAt), sql`${connectLinks.expiresAt} > app_now()`);

export async function insertLink(tx: Tx, { livesS, ...link }: NewLink): Promise<Row> {
  const [row] = await tx
    .insert(connectLinks)
    .values({ ...link, expiresAt: sql`app_now() + make_interval(secs => ${livesS})` })
    .returning();
  if (!row) throw new Error("An inserted link was not returned.");
  return row;
}

async function findWhere(db: Executor, which: ReturnType<typeof eq>): Promise<LinkRow | null> {
  const [row] = await db
    .select(whole)
    .from(connectLinks)
    .innerJoin(merchants, eq(merchants.id, connectLinks.merchantId))
    .leftJoin(connections, eq(connections.id, connectLinks.connectionId))
    .where(which);
  return row ? { ...row.link, merchantName: row.merchantName, expired: row.expired, ended: row.ended } : null;
}

export const findLink = (db: Executor, id: string): Promise<LinkRow | null> => findWhere(db, eq(connectLinks.id, id));

export const findLinkByToken = (db: Executor, tokenHash: string): Promise<LinkRow | null> =>
  findWhere(db, eq(connectLinks.tokenHash, tokenHash));

/** Gives a live link to the browser that sent its form first. Null: another browser was first, or it is over. */
export async function bindLink(tx: Tx, id: string, browserHash: string): Promise<Row | null> {
  const [row] = await tx
    .update(connectLinks)
    .set({ browserHash, boundAt: sql`app_now()` })
    .where(and(eq(connectLinks.id, id), isNull(connectLinks.browserHash), live))
    .returning();
  return row ?? null;
}

/** Whether something may be begun with it. Until the transaction ends nobody can take it back or use it up. */
export async function holdLink(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: connectLinks.id })
    .from(connectLinks)
    .where(and(eq(connectLinks.id, id), live))
    .for("share");
  return rows.length > 0;
}

/** For whoever is about to use it up: two that race for it go one after the other. */
export async function lockLink(tx: Tx, id: string): Promise<Row | null> {
  const [row] = await tx.select().from(connectLinks).where(eq(connectLinks.id, id)).for("update");
  return row ?? null;
}

export async function spendLink(tx: Tx, id: string, resultId: string): Promise<void> {
  await tx.update(connectLinks).set({ usedAt: sql`app_now()`, resultId }).where(eq(connectLinks.id, id));
}

/** Null: there is no such link that still holds. */
export async function revokeLink(tx: Tx, id: string): Promise<Row | null> {
  const [row] = await tx
    .update(connectLinks)
    .set({ revokedAt: sql`app_now()` })
    .where(and(eq(connectLinks.id, id), live))
    .returning();
  return row ?? null;
}

/** A merchant's links that can still be used, the newest first. */
export async function liveLinks(db: Executor, merchantId: string, limit: number): Promise<Row[]> {
  return db
    .select()
    .from(connectLinks)
    .where(and(eq(connectLinks.merchantId, merchantId), live))
    .orderBy(desc(connectLinks.createdAt), desc(connectLinks.id))
    .limit(limit);
}

/** What ended a month ago; the events stay. */
export async function forgetLinks(db: Executor): Promise<number> {
  const gone = await db
    .delete(connectLinks)
    .where(sql`${connectLinks.expiresAt} < app_now() - interval '30 days'`)
    .returning({ id: connectLinks.id });
  return gone.length;
}
