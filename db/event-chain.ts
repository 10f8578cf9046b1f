import { type SQL, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";

export type Head = { seq: number; hash: string };
export type Anchor = Head & { keyId: string; madeAt: Date; reason: string };
/** An event and the text that stands for all of it; null: it is gone. */
export type Unsealed = { eventId: number; text: string | null };
export type Seal = Head & { eventId: number };

/** The whole row, alike wherever and whenever it is read. Empty columns are left out, so that a column that is added changes nothing. */
const whole = sql`case when e.id is null then null else jsonb_build_array(jsonb_strip_nulls(to_jsonb(e) - 'at' - 'facts'),
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.facts)::text end`;

type HeadRow = { seq: string | null; hash: string | null };
const headOf = (row: HeadRow | undefined): Head | null =>
  row && row.seq !== null && row.hash !== null ? { seq: Number(row.seq), hash: row.hash } : null;

/** Holds everybody else off from giving places. Resolves to where the last one stands, as it was noted; null: there is no chain yet. */
export async function lockHead(tx: Tx): Promise<Head | null> {
  const found = await tx.execute<HeadRow>(sql`
    insert into event_sealer (id) values (1) on conflict (id) do update set id = 1 returning head_seq::text as seq, head_hash as hash`);
  return headOf(found.rows[0]);
}

export async function noteHead(tx: Tx, { seq, hash }: Head): Promise<void> {
  await tx.execute(sql`update event_sealer set head_seq = ${seq}, head_hash = ${hash} where id = 1`);
}

/** Where the last place stands, as it was noted. */
export async function readHead(db: Executor): Promise<Head | null> {
  const found = await db.execute<HeadRow>(sql`select head_seq::text as seq, head_hash as hash from event_sealer where id = 1`);
  return headOf(found.rows[0]);
}

/** The same where nobody has told the log of it for so long; null as well where somebody has. */
export async function takeTelling(db: Executor, everyS: number): Promise<Head | null> {
  const found = await db.execute<HeadRow>(sql`
    update event_sealer set told_at = app_now()
    where id = 1 and (told_at is null or told_at <= app_now() - make_interval(secs => ${everyS}))
    returning head_seq::text as seq, head_hash as hash`);
  return headOf(found.rows[0]);
}

/** The last place that was given, as it stands there. */
export async function lastPlace(db: Executor): Promise<{ seq: number; hash: string | null } | null> {
  const found = await db.execute<{ seq: string; hash: string | null }>(
    sql`select seq::text, hash from event_seals order by event_seals.seq desc limit 1`,
  );
  const [row] = found.rows;
  return row ? { seq: Number(row.seq), hash: row.hash } : null;
}

/** Whether any place was ever sealed. */
export async function anySealed(db: Executor): Promise<boolean> {
  return (await db.execute(sql`select from event_seals where hash is not null limit 1`)).rows.length > 0;
}

/** Where the newest chain begins. */
export async function lastAnchor(db: Executor): Promise<Anchor | null> {
  const found = await db.execute<{ seq: string; hash: string; keyId: string; ms: number; reason: string }>(sql`
    select seq::text, hash, key_id as "keyId", (extract(epoch from made_at) * 1000)::float8 as ms, reason
    from event_anchors order by event_anchors.seq desc limit 1`);
  const [row] = found.rows;
  if (!row) return null;
  const { seq, ms, ...rest } = row;
  return { ...rest, seq: Number(seq), madeAt: new Date(ms) };
}

/** In the place of one that began there already: nothing was sealed after it. */
export async function insertAnchor(tx: Tx, { seq, hash, keyId, madeAt, reason }: Anchor): Promise<void> {
  await tx.execute(sql`
    insert into event_anchors (seq, hash, key_id, made_at, reason) values (${seq}, ${hash}, ${keyId}, ${madeAt}, ${reason})
    on conflict (seq) do update set hash = excluded.hash, key_id = excluded.key_id, made_at = excluded.made_at, reason = excluded.reason`);
}

/** Takes `limit` at most of the events that wait for a place, in the order in which they get theirs. */
export async function takeUnsealed(tx: Tx, limit: number): Promise<Unsealed[]> {
  const found = await tx.execute<{ id: string; text: string | null }>(sql`
    with taken as (
      delete from unsealed_events where event_id in (select event_id from unsealed_events order by event_id limit ${limit})
      returning event_id)
    select taken.event_id::text as id, ${whole} as text from taken left join events e on e.id = taken.event_id order by taken.event_id`);
  return found.rows.map(({ id, text }) => ({ eventId: Number(id), text }));
}

export async function insertSeals(tx: Tx, seals: readonly Seal[]): Promise<void> {
  await tx.execute(sql`
    insert into event_seals (seq, event_id, hash)
    select seq, "eventId", hash from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as sealed (seq bigint, "eventId" bigint, hash text)`);
}

export type Place = Unsealed & { seq: number; hash: string | null };

/** The places after one, each with what stands there now. */
export function placesAfter(db: Executor, seq: number, limit: number): Promise<Place[]> {
  return places(db, sql`where s.seq > ${seq} order by s.seq limit ${limit}`);
}

export async function placeAt(db: Executor, seq: number): Promise<Place | null> {
  const [place] = await places(db, sql`where s.seq = ${seq}`);
  return place ?? null;
}

async function places(db: Executor, which: SQL): Promise<Place[]> {
  const found = await db.execute<{ seq: string; hash: string | null; id: string; text: string | null }>(sql`
    select s.seq::text, s.hash, s.event_id::text as id, ${whole} as text
    from event_seals s left join events e on e.id = s.event_id ${which}`);
  return found.rows.map(({ seq, hash, id, text }) => ({ seq: Number(seq), hash, eventId: Number(id), text }));
}

export type Placeless = { firstId: number | null; lookedTo: number | null };

/** The first of the `limit` events after `id` that neither has a place nor waits for one. `lookedTo` null: there are no more events. */
export async function findPlaceless(db: Executor, id: number, limit: number): Promise<Placeless> {
  const found = await db.execute<{ first: string | null; to: string | null }>(sql`
    with looked as materialized (select e.id from events e where e.id > ${id} order by e.id limit ${limit})
    select min(l.id) filter (where s.event_id is null and u.event_id is null)::text as first, max(l.id)::text as to
    from looked l left join event_seals s on s.event_id = l.id left join unsealed_events u on u.event_id = l.id`);
  const { first = null, to = null } = found.rows[0] ?? {};
  return { firstId: first === null ? null : Number(first), lookedTo: to === null ? null : Number(to) };
}
