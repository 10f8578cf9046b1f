import { and, desc, eq, ilike, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { Connection } from "./connections";
import { attempts, connections, events, merchants } from "./schema";

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

export type Search = { text: string | null; offer: string | null; limit: number };

/** Staff's search over all merchants: any part of a name, or a whole id. Parked and half-made rows are included. */
export async function searchConnections(db: Executor, search: Search): Promise<ListedRow[]> {
  const part = search.text === null ? null : `%${search.text.replace(/[\\%_]/g, "\\$&")}%`;
  const found =
    part === null
      ? undefined
      : or(
          ilike(merchants.name, part),
          ilike(connections.label, part),
          ilike(connections.accountLabel, part),
          ilike(connections.accountId, part),
          ilike(merchants.externalId, part),
          eq(connections.id, search.text ?? ""),
          eq(merchants.id, search.text ?? ""),
        );
  return db
    .select(columns)
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(found, search.offer === null ? undefined : eq(connections.offer, search.offer)))
    .orderBy(desc(connections.updatedAt))
    .limit(search.limit);
}

/** Live connections in the order in which their access runs out; those without a known end last. */
export async function listByExpiry(db: Executor, limit: number): Promise<ListedRow[]> {
  return db
    .select(columns)
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(isNotNull(connections.connectedAt), sql`${connections.status} <> 'revoked'`))
    .orderBy(sql`${connections.expiresAt} asc nulls last`, connections.id)
    .limit(limit);
}

export type TimelineRow = typeof events.$inferSelect;

export async function timelineOf(db: Executor, connectionId: string, limit: number): Promise<TimelineRow[]> {
  return db.select().from(events).where(eq(events.connectionId, connectionId)).orderBy(desc(events.id)).limit(limit);
}
