import { and, asc, desc, eq, gt, ilike, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { microseconds, moment, type Place } from "./connection-facts";
import type { Connection } from "./connections";
import { attempts, connections, events, type HealthState, memberships, merchants, users } from "./schema";

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

export type Filter = { text: string | null; offer: string | null };
/** By state, the last changed first; or by the moment after which only the owner can help, of whatever state. */
export type Order = { by: "state"; state: HealthState } | { by: "no_return"; states: readonly HealthState[] | null };
export type PlacedRow = ListedRow & { place: Place };

export const fits = ({ text, offer }: Filter) =>
  and(text === null ? undefined : matches(text), offer === null ? undefined : eq(connections.offer, offer));

const ordered = (order: Order) =>
  order.by === "state"
    ? { column: connections.updatedAt, descending: true, among: eq(connections.state, order.state) }
    : {
        column: connections.noReturnAt,
        descending: false,
        among: and(isNotNull(connections.noReturnAt), order.states === null ? undefined : inArray(connections.state, [...order.states])),
      };

/**
 * Staff's search over all merchants: any part of a name or e-mail, or a whole id of ours. A page by the stored state or moment, from one
 * place on or, `back`, up to it; always told in the order asked for. Ended rows are included, those that nobody is shown are not.
 */
export async function searchRows(
  db: Executor,
  filter: Filter,
  order: Order,
  { place, back, limit }: { place: Place | null; back: boolean; limit: number },
): Promise<PlacedRow[]> {
  const { column, descending, among } = ordered(order);
  const falling = descending !== back;
  const beyond = place && sql`(${column}, ${connections.id}) ${falling ? sql`<` : sql`>`} (${moment(place.at)}, ${place.id})`;
  const rows = await db
    .select({ ...columns, place: { at: microseconds(column), id: connections.id } })
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(among, fits(filter), beyond ?? undefined))
    .orderBy(...(falling ? [desc(column), desc(connections.id)] : [asc(column), asc(connections.id)]))
    .limit(limit);
  return back ? rows.reverse() : rows;
}

/** How many there are in all of an order's pages, counted no further than `most`. */
export async function countRows(db: Executor, filter: Filter, orders: readonly Order[], most: number): Promise<number> {
  const some = db
    .select({ one: sql`1` })
    .from(connections)
    .innerJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(or(...orders.map((order) => ordered(order).among)), fits(filter)))
    .limit(most);
  return db.$count(some.as("some"));
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
  // Who was refused to see it is a matter of the house, and no part of its story.
  const story = and(eq(events.connectionId, connectionId), ne(events.kind, "access.denied"));
  return db.select().from(events).where(story).orderBy(desc(events.id)).limit(limit);
}
