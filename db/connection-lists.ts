import { and, desc, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { Connection } from "./connections";
import { attempts, connections, events, memberships, merchants, users } from "./schema";

export type ListedRow = { connection: Connection; merchantName: string };

const columns = { connection: connections, merchantName: merchants.name };
/** A row of an attempt on its way to an existing connection is that connection's business, not one of its own. */
const shown = or(
  isNotNull(connections.connectedAt),
  sql`exists (select 1 from ${attempts} a where a.id = ${connections.attemptId} and a.connection_id is null and a.status = 'issued')`,
);

/** Everything that these merchants have, newest first. */
export async function listOfMerchants(db: Executor, merchantIds: string[], limit: number): Promise<ListedRow[]> {
  if (merchantIds.length === 0) return [];
  return db
    .select(columns)
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(inArray(connections.merchantId, merchantIds), shown))
    .orderBy(desc(connections.createdAt))
    .limit(limit);
}

export type FoundRow = ListedRow & { ownerEmail: string | null };

/** These connections as a list shows them, in the order asked for; one that is gone is left out. */
export async function rowsOf(db: Executor, ids: readonly string[]): Promise<FoundRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({
      ...columns,
      ownerEmail: sql<string | null>`(
        select u.email from ${memberships} m join ${users} u on u.id = m.user_id
        where m.merchant_id = ${merchants.id} order by m.created_at, m.id limit 1)`,
    })
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(inArray(connections.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.connection.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Which of ours an id is. */
export async function kindOfId(db: Executor, id: string): Promise<"connection" | "merchant" | null> {
  const found = await db.execute<{ connection: boolean; merchant: boolean }>(sql`
    select exists (select from connections where id = ${id}) as connection, exists (select from merchants where id = ${id}) as merchant`);
  const [is] = found.rows;
  return is?.connection ? "connection" : is?.merchant ? "merchant" : null;
}

/** The merchant whose name is spelt most like a text, if any is. */
export async function nearestName(db: Executor, text: string): Promise<string | null> {
  const found = await db.execute<{ name: string }>(sql`
    select name from merchants where folded(name) % ${text} order by similarity(folded(name), ${text}) desc, name limit 1`);
  return found.rows[0]?.name ?? null;
}

export type TimelineRow = typeof events.$inferSelect;

export async function timelineOf(db: Executor, connectionId: string, limit: number): Promise<TimelineRow[]> {
  // Who was refused to see it is a matter of the house, and no part of its story.
  const story = and(eq(events.connectionId, connectionId), ne(events.kind, "access.denied"));
  return db.select().from(events).where(story).orderBy(desc(events.id)).limit(limit);
}
