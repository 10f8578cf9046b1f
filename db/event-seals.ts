import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** Whether any event waits for its place. */
export async function anyUnsealed(db: Executor): Promise<boolean> {
  const found = await db.execute(sql`select from unsealed_events limit 1`);
  return found.rows.length > 0;
}

/** How many have waited for longer than that, counted up to `most`. */
export async function countUnsealed(db: Executor, olderThanS: number, most: number): Promise<number> {
  const found = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from (
      select from unsealed_events where noted_at <= app_now() - make_interval(secs => ${olderThanS}) limit ${most}) one`);
  return found.rows[0]?.n ?? 0;
}

export type SealOf = { seq: number; hash: string | null };

/** The places of these events, by their ids. */
export async function sealsOf(db: Executor, ids: readonly number[]): Promise<Map<number, SealOf>> {
  if (ids.length === 0) return new Map();
  const found = await db.execute<{ id: string; seq: string; hash: string | null }>(
    sql`select event_id::text as id, seq::text, hash from event_seals where event_id in ${ids}`,
  );
  return new Map(found.rows.map(({ id, seq, hash }) => [Number(id), { seq: Number(seq), hash }]));
}

/** What a reader is told of: kinds, by their noun or whole. `merchantIds`, `offers` null: of all; else of what belongs to them alone. */
export type FeedOf = {
  nouns: readonly string[];
  kinds: readonly string[];
  merchantIds: readonly string[] | null;
  offers: readonly string[] | null;
};

export type FedEvent = {
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  kind: string;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  merchantId: string | null;
  connectionId: string | null;
  attemptId: string | null;
  facts: Record<string, string | number | boolean | null>;
  offer: string | null;
};

/**
 * What follows a place in that order, over no more than `most` places: `edge` is the last one that was looked at, from which nothing before it is
 * told any more. One statement, so that what is told and how far was looked is of one moment.
 */
export async function feed(
  db: Executor,
  after: number,
  { nouns, kinds, merchantIds, offers }: FeedOf,
  { limit, most }: { limit: number; most: number },
): Promise<{ events: FedEvent[]; edge: number; looked: number }> {
  const offer = sql`coalesce(c.offer, e.facts ->> 'offer', a.offer, k.offer)`;
  const fits = [
    sql`(split_part(e.kind, '.', 1) in ${nouns} or e.kind in ${kinds})`,
    ...(merchantIds === null ? [] : [sql`e.merchant_id in ${merchantIds}`]),
    ...(offers === null ? [] : [sql`${offer} in ${offers}`]),
  ];
  const found = await db.execute<{ edge: string; looked: number; row: FedEvent | null }>(sql`
    with looked as materialized (select seq, event_id from event_seals where seq > ${after} order by seq limit ${most}),
    seen as (select coalesce(max(seq), ${after}::bigint)::text as edge, count(*)::int as looked from looked),
    told as (
      select l.seq, jsonb_build_object('seq', l.seq, 'at', (extract(epoch from e.at) * 1000)::float8, 'kind', e.kind,
        'actorKind', e.actor_kind, 'actorId', e.actor_id, 'actorName', e.actor_name, 'merchantId', e.merchant_id,
        'connectionId', e.connection_id, 'attemptId', e.attempt_id, 'facts', e.facts, 'offer', ${offer}) as row
      from looked l join events e on e.id = l.event_id left join connections c on c.id = e.connection_id
        left join attempts a on a.id = e.attempt_id left join connect_links k on k.id = e.facts ->> 'link'
      where ${sql.join(fits, sql` and `)} order by l.seq limit ${limit})
    select seen.edge, seen.looked, told.row from seen left join told on true order by told.seq`);
  const [first] = found.rows;
  const events = found.rows.flatMap(({ row }) => (row === null ? [] : [row]));
  return { events, edge: Number(first?.edge ?? after), looked: first?.looked ?? 0 };
}
