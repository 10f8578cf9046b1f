import { and, asc, desc, eq, gt, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { connections, events } from "./schema";

export type EventRow = typeof events.$inferSelect;

export type EventFilter = {
  by: "people" | "system" | "all";
  /** A person's id; `by` then goes without saying. */
  actorId: string | null;
  /** What the kinds begin with; null: any. */
  nouns: readonly string[] | null;
  denied: boolean | null;
  about: { connectionId: string } | { merchantId: string } | { email: string } | null;
  from: Date | null;
  until: Date | null;
};

/** From a place on, the older or the newer ones. */
export type EventPlace = { olderThan: number } | { newerThan: number } | null;

const denied = "access.denied";
const noun = sql`split_part(${events.kind}, '.', 1)`;
/** Ids follow the clock but for transactions that overlap, and so many of those there are never at once. */
const OVERLAP = 1_000;

function about(what: EventFilter["about"]): SQL | undefined {
  if (what === null) return undefined;
  if ("connectionId" in what) return eq(events.connectionId, what.connectionId);
  if ("merchantId" in what) return eq(events.merchantId, what.merchantId);
  return sql`${events.facts}->>'email' = ${what.email}`;
}

/** A period as bounds of ids too, so that pages of long ago are found without reading all that came since. */
function period({ from, until }: EventFilter): (SQL | undefined)[] {
  const edge = (side: SQL, order: SQL, pick: SQL) =>
    sql`(select ${pick}(id) from (select id from events where ${side} order by at ${order} limit ${OVERLAP}) edge)`;
  const since = sql`${events.at} >= ${from}`;
  const before = sql`${events.at} < ${until}`;
  return [
    ...(from ? [since, sql`${events.id} >= ${edge(since, sql`asc`, sql`min`)}`] : []),
    ...(until ? [before, sql`${events.id} <= ${edge(before, sql`desc`, sql`max`)}`] : []),
  ];
}

/** The newest first. One page is read by one of the indexes on events, whatever is asked for. */
export async function listEvents(db: Executor, filter: EventFilter, place: EventPlace, limit: number): Promise<EventRow[]> {
  const newer = place !== null && "newerThan" in place;
  const byPeople = filter.actorId !== null || filter.by === "people";
  const fits = and(
    byPeople ? eq(events.actorKind, sql`'user'`) : filter.by === "system" ? ne(events.actorKind, sql`'user'`) : undefined,
    filter.actorId === null ? undefined : eq(events.actorId, filter.actorId),
    filter.denied === null ? undefined : filter.denied ? eq(events.kind, denied) : ne(events.kind, denied),
    about(filter.about),
    ...period(filter),
    place === null ? undefined : newer ? gt(events.id, place.newerThan) : lt(events.id, place.olderThan as number),
  );
  const order = newer ? asc(events.id) : desc(events.id);
  const nouns = filter.denied ? ["access"] : filter.nouns;
  const few = filter.actorId !== null || filter.about !== null;
  if (nouns === null || few) {
    const among = nouns === null ? undefined : sql`${noun} in ${[...nouns]}`;
    const rows = await db.select().from(events).where(and(fits, among)).orderBy(order).limit(limit);
    return newer ? rows.reverse() : rows;
  }
  // Each noun by its own stretch of the index: some are rare among millions of others.
  const each = nouns.map((word) =>
    db
      .select({ id: events.id })
      .from(events)
      .where(and(fits, sql`${noun} = ${word}`))
      .orderBy(order)
      .limit(limit),
  );
  const ids = (await Promise.all(each)).flat().map(({ id }) => id);
  const chosen = ids.sort((one, other) => (newer ? one - other : other - one)).slice(0, limit);
  if (chosen.length === 0) return [];
  return db.select().from(events).where(inArray(events.id, chosen)).orderBy(desc(events.id));
}

export async function findEvent(db: Executor, id: number): Promise<EventRow | null> {
  const [row] = await db.select().from(events).where(eq(events.id, id));
  return row ?? null;
}

/** What people call these connections. */
export async function connectionNames(db: Executor, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const name = sql<string | null>`coalesce(${connections.label}, ${connections.accountLabel}, ${connections.accountId})`;
  const rows = await db.select({ id: connections.id, name }).from(connections).where(inArray(connections.id, ids));
  return new Map(rows.map(({ id, name: known }) => [id, known ?? id]));
}
