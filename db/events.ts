import { type SQLWrapper, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { events } from "./schema";

export type NewEvent = {
  /** What happened, as `<noun>.<past participle>`. */
  kind: string;
  actor: { kind: string; id: string; name: string; address?: string | null };
  merchantId?: string | null;
  connectionId?: string | null;
  attemptId?: string | null;
  reason?: string | null;
  facts?: Record<string, string | number | boolean | null>;
};

// Next bundles this module several times, and what a process refuses it refuses in all of them.
const holder = globalThis as { latchkeyEventRefusal?: ((kind: string) => void) | null };

/** From now on `refusal` may throw for a kind of event, and the change that it tells of is not made. Null: none is refused. */
export function refuseEvents(refusal: ((kind: string) => void) | null): void {
  holder.latchkeyEventRefusal = refusal;
}

/** Part of the change that it tells of, so it takes that change's transaction. */
export async function insertEvent(tx: Tx, { actor, ...event }: NewEvent): Promise<void> {
  holder.latchkeyEventRefusal?.(event.kind);
  await tx.insert(events).values(rowOf({ actor, ...event }));
}

const rowOf = ({ actor: { kind, id, name, address = null }, ...event }: NewEvent) => ({
  ...event,
  actorKind: kind,
  actorId: id,
  actorName: name,
  actorAddress: address,
});

/** What was refused: once for a person, an operation and a minute, however often it is tried. */
export async function insertDenied(db: Executor, event: Omit<NewEvent, "kind">): Promise<void> {
  await db
    .insert(events)
    .values(rowOf({ kind: "access.denied", ...event }))
    .onConflictDoNothing();
}

/**
 * The change and what tells of it as one statement, which is one way to the database instead of four: for what is done thousands of times.
 * `change` is an update that returns what it changed. False: it changed nothing, and nothing is told.
 */
export async function changeTold(db: Executor, change: SQLWrapper, { actor, ...event }: NewEvent): Promise<boolean> {
  holder.latchkeyEventRefusal?.(event.kind);
  const { kind, merchantId = null, connectionId = null, attemptId = null, reason = null, facts = {} } = event;
  const columns = sql`kind, actor_kind, actor_id, actor_name, actor_address, merchant_id, connection_id, attempt_id, reason, facts`;
  const values = [kind, actor.kind, actor.id, actor.name, actor.address ?? null, merchantId, connectionId, attemptId, reason].map(
    (value) => sql`${value}`,
  );
  const told = await db.execute(sql`with changed as ${change}
    insert into events (${columns}) select ${sql.join(values, sql`, `)}, ${JSON.stringify(facts)}::jsonb from changed`);
  return (told.rowCount ?? 0) > 0;
}
