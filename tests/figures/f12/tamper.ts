import { randomBytes } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import type { Executor, Tx } from "@/db/client";
import { type Head, placesAfter } from "@/db/event-chain";
import { type Chain, chainWith } from "@/lib/audit/chain";
import { sealBatch } from "@/lib/audit/seal-batch";
import { NO_KEY } from "./chain";

/** What somebody who may do everything in the database has to work with. `from`, `to`: places, the first below the second. */
export type At = { db: Executor; from: number; to: number; head: Head; column: number; chain: Chain };
/** Resolves to the first place that is wrong from now on; null: there is no such place, and the event is to be named. */
export type Tamper = (at: At) => Promise<number | null>;

const eventAt = (seq: number) => sql`(select event_id from event_seals where seq = ${seq})`;
const forged = () => randomBytes(32).toString("hex");

async function run(db: Executor, ...statements: SQL[]): Promise<void> {
  for (const statement of statements) await db.execute(statement);
}

/** Whoever moves places moves the noted head too. */
const shift = (from: number, by: number) => [
  sql`update event_seals set seq = -(seq + ${by}::bigint) where seq >= ${from}`,
  sql`update event_seals set seq = -seq where seq < 0`,
  sql`update event_sealer set head_seq = head_seq + ${by}::bigint`,
];
const endAt = (seq: number) => sql`update event_sealer set (head_seq, head_hash) = (select seq, hash from event_seals where seq = ${seq})`;

const edits = [
  sql`actor_name = actor_name || ' '`,
  sql`actor_id = 'usr_somebody'`,
  sql`actor_address = null`,
  sql`kind = 'connection.tested'`,
  sql`at = at + interval '1 microsecond'`,
  sql`merchant_id = 'mer_another'`,
  sql`connection_id = null`,
  sql`reason = coalesce(reason, '') || '.'`,
  sql`facts = facts - 'reach'`,
  sql`facts = facts || '{"ticket": "SUP-0x"}'`,
  sql`attempt_id = 'att_1'`,
];

export const tamperings: Record<string, Tamper> = {
  "edit of an event": async ({ db, from, column }) => {
    await run(db, sql`update events set ${edits[column % edits.length] ?? sql``} where id = ${eventAt(from)}`);
    return from;
  },
  "edit of its circumstances": async ({ db, from }) => {
    await run(db, sql`update events set facts = facts || '{"reach": "one"}' where id = ${eventAt(from)}`);
    return from;
  },
  "edit of a hash": async ({ db, from }) => {
    await run(db, sql`update event_seals set hash = ${forged()} where seq = ${from}`);
    return from;
  },
  "deleted event": async ({ db, from }) => {
    await run(db, sql`delete from events where id = ${eventAt(from)}`);
    return from;
  },
  "deleted place and event": async ({ db, from }) => {
    await run(db, sql`delete from events where id = ${eventAt(from)}`, sql`delete from event_seals where seq = ${from}`);
    return from;
  },
  "deleted, and the rest moved up": async ({ db, from }) => {
    await run(
      db,
      sql`delete from events where id = ${eventAt(from)}`,
      sql`delete from event_seals where seq = ${from}`,
      ...shift(from + 1, -1),
    );
    return from;
  },
  "swapped places": async ({ db, from, to }) => {
    await run(
      db,
      sql`create temp table kept on commit drop as select seq, event_id from event_seals where seq in (${from}, ${to})`,
      sql`update event_seals set event_id = -event_id where seq in (${from}, ${to})`,
      sql`update event_seals s set event_id = k.event_id from kept k where s.seq in (${from}, ${to}) and k.seq <> s.seq`,
    );
    return from;
  },
  "swapped contents": async ({ db, from, to }) => {
    await run(
      db,
      sql`create temp table kept on commit drop as select * from events where id in (${eventAt(from)}, ${eventAt(to)})`,
      sql`update events e set at = k.at, actor_id = k.actor_id, actor_name = k.actor_name, reason = k.reason, facts = k.facts
        from kept k where e.id in (select id from kept) and k.id <> e.id`,
    );
    return from;
  },
  "inserted in the middle": async ({ db, from }) => {
    await run(
      db,
      ...shift(from, 1),
      sql`insert into events (id, kind, actor_kind, actor_name) select max(id) + 1, 'key.revoked', 'user', 'Omar' from events`,
      sql`insert into event_seals (seq, event_id, hash) select ${from}, max(id), ${forged()} from events`,
    );
    return from;
  },
  "inserted at the end": async ({ db, head }) => {
    await run(
      db,
      sql`insert into events (id, kind, actor_kind, actor_name) select max(id) + 1, 'key.revoked', 'user', 'Omar' from events`,
      sql`insert into event_seals (seq, event_id, hash) select ${head.seq + 1}, max(id), ${forged()} from events`,
      endAt(head.seq + 1),
    );
    return head.seq + 1;
  },
  "inserted without a place": async ({ db }) => {
    await run(db, sql`insert into events (id, kind, actor_kind, actor_name) select max(id) + 1, 'key.revoked', 'user', 'Omar' from events`);
    return null;
  },
  "truncated places": async ({ db, from }) => {
    await run(db, sql`delete from event_seals where seq >= ${from}`);
    return from;
  },
  "truncated after the kept head": async ({ db, from }) => {
    await run(
      db,
      sql`delete from events where id in (select event_id from event_seals where seq >= ${from})`,
      sql`delete from event_seals where seq >= ${from}`,
      endAt(from - 1),
    );
    return from;
  },
  "two histories spliced": async ({ db, from, head, chain }) => {
    await run(
      db,
      sql`create temp table kept on commit drop as select * from event_seals where seq > ${from}`,
      sql`delete from events where id = ${eventAt(from)}`,
      sql`delete from event_seals where seq >= ${from}`,
      endAt(from - 1),
      sql`insert into events (id, kind, actor_kind, actor_name) select max(id) + 1, 'key.revoked', 'user', 'Omar' from events`,
      sql`insert into unsealed_events (event_id) select max(id) from events`,
    );
    await sealBatch(db as Tx, 1, chain);
    await run(db, sql`insert into event_seals (seq, event_id, hash) select seq, event_id, hash from kept`, endAt(head.seq));
    return from + 1;
  },
  "edited and sealed anew without the key": async ({ db, from, head }) => {
    await run(db, sql`update events set reason = 'Nothing happened' where id = ${eventAt(from)}`);
    const guess = chainWith(NO_KEY);
    const [before, ...places] = await placesAfter(db, from - 2, head.seq);
    let hash = before?.hash ?? "";
    const seals = places.map((place) => {
      hash = guess.link(hash, place.seq, place);
      return { seq: place.seq, hash };
    });
    await run(
      db,
      sql`update event_seals s set hash = n.hash from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as n (seq bigint, hash text) where n.seq = s.seq`,
      endAt(head.seq),
    );
    return from;
  },
};
