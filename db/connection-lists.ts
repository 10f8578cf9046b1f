import { and, desc, eq, gt, ilike, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
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

/** A half-made row that was given back: kept for an hour for late answers, shown to nobody. */
const remembered = or(isNotNull(connections.connectedAt), ne(connections.status, "revoked"));

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

/** A row's place in an order by time. Microseconds since 1970 as text: a Date would lose the last three digits and with them rows. */
export type Place = { at: string; id: string };

const microseconds = (column: AnyPgColumn) => sql<string>`(extract(epoch from ${column}) * 1000000)::bigint::text`;
const moment = (at: string) => sql`(timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond')`;

const facts = {
  id: connections.id,
  at: microseconds(connections.updatedAt),
  offer: connections.offer,
  status: connections.status,
  issuedAt: connections.issuedAt,
  expiresAt: connections.expiresAt,
  renewableUntil: connections.renewableUntil,
  renewable: connections.renewable,
  lastProofAt: connections.lastProofAt,
  firstFailureAt: connections.firstFailureAt,
  failures: connections.failures,
  trouble: connections.trouble,
  leaseUntil: connections.leaseUntil,
};

/** What decides a row's state, and its place by last change: enough to walk over many rows. */
export type FactsRow = Pick<Connection, Exclude<keyof typeof facts, "at">> & Place;

export type Search = { text: string | null; offer: string | null; after: Place | null; limit: number };

/** Staff's search over all merchants: any part of a name or e-mail, or a whole id of ours. Parked, half-made and ended rows are included. */
export async function searchFacts(db: Executor, { text, offer, after, limit }: Search): Promise<FactsRow[]> {
  return db
    .select(facts)
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(
      and(
        remembered,
        text === null ? undefined : matches(text),
        offer === null ? undefined : eq(connections.offer, offer),
        after === null ? undefined : sql`(${connections.updatedAt}, ${connections.id}) < (${moment(after.at)}, ${after.id})`,
      ),
    )
    .orderBy(desc(connections.updatedAt), desc(connections.id))
    .limit(limit);
}

function matches(text: string) {
  const part = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    ilike(merchants.name, part),
    ilike(merchants.externalId, part),
    ilike(connections.label, part),
    ilike(connections.accountLabel, part),
    ilike(connections.accountId, part),
    sql`exists (select 1 from ${memberships} m join ${users} u on u.id = m.user_id where m.merchant_id = ${merchants.id} and u.email ilike ${part})`,
    eq(connections.id, text),
    eq(connections.attemptId, text),
    eq(merchants.id, text),
  );
}

/** Every connection there is, in an order that no change disturbs. */
export async function walkFacts(db: Executor, afterId: string, limit: number): Promise<FactsRow[]> {
  return db
    .select(facts)
    .from(connections)
    .where(and(gt(connections.id, afterId), remembered))
    .orderBy(connections.id)
    .limit(limit);
}

/** These rows, in no order. */
export async function listByIds(db: Executor, ids: string[]): Promise<ListedRow[]> {
  if (ids.length === 0) return [];
  return db
    .select(columns)
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(inArray(connections.id, ids));
}

/** A place in the order by which access runs out. `at` null: no end is known, which comes last. */
export type ExpiryPlace = { at: string | null; id: string };

/** Live connections from one place on, or backwards from it, always told in the order in which their access runs out. */
export async function listByExpiry(
  db: Executor,
  from: { after: ExpiryPlace } | { before: ExpiryPlace } | null,
  limit: number,
): Promise<(ListedRow & { place: ExpiryPlace })[]> {
  const back = from !== null && "before" in from;
  const rows = await db
    .select({ ...columns, place: { at: sql<string | null>`${microseconds(connections.expiresAt)}`, id: connections.id } })
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(isNotNull(connections.connectedAt), ne(connections.status, "revoked"), from === null ? undefined : beyond(from)))
    .orderBy(
      back ? sql`${connections.expiresAt} desc nulls first` : sql`${connections.expiresAt} asc nulls last`,
      back ? desc(connections.id) : connections.id,
    )
    .limit(limit);
  return back ? rows.reverse() : rows;
}

function beyond(from: { after: ExpiryPlace } | { before: ExpiryPlace }) {
  const { expiresAt, id } = connections;
  if ("after" in from) {
    if (from.after.at === null) return and(isNull(expiresAt), gt(id, from.after.id));
    return or(isNull(expiresAt), sql`(${expiresAt}, ${id}) > (${moment(from.after.at)}, ${from.after.id})`);
  }
  if (from.before.at === null) return or(isNotNull(expiresAt), lt(id, from.before.id));
  return sql`(${expiresAt}, ${id}) < (${moment(from.before.at)}, ${from.before.id})`;
}

export type TimelineRow = typeof events.$inferSelect;

export async function timelineOf(db: Executor, connectionId: string, limit: number): Promise<TimelineRow[]> {
  return db.select().from(events).where(eq(events.connectionId, connectionId)).orderBy(desc(events.id)).limit(limit);
}
