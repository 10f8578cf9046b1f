import { type SQLWrapper, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { events } from "./schema";

export type NewEvent = {
  /** What happened, as `<noun>.<past participle>`. */
  kind: string;
  actor: { kind: string; id: string; name: string };
  merchantId?: string | null;
  connectionId?: string | null;
  attemptId?: string | null;
  reason?: string | null;
  facts?: Record<string, string | number | boolean | null>;
};

/** Part of the change that it tells of, so it takes that change's transaction. */
export async function insertEvent(tx: Tx, { actor, ...event }: NewEvent): Promise<void> {
  await tx.insert(events).values({ ...event, actorKind: actor.kind, actorId: actor.id, actorName: actor.name });
}

/**
 * The change and what tells of it as one statement, which is one way to the database instead of four: for what is done thousands of times.
 * `change` is an update that returns what it changed. False: it changed nothing, and nothing is told.
 */
export async function changeTold(db: Executor, change: SQLWrapper, { actor, ...event }: NewEvent): Promise<boolean> {
  const { kind, merchantId = null, connectionId = null, attemptId = null, reason = null, facts = {} } = event;
  const columns = sql`kind, actor_kind, actor_id, actor_name, merchant_id, connection_id, attempt_id, reason, facts`;
  const values = [kind, actor.kind, actor.id, actor.name, merchantId, connectionId, attemptId, reason].map((value) => sql`${value}`);
  const told = await db.execute(sql`with changed as ${change}
    insert into events (${columns}) select ${sql.join(values, sql`, `)}, ${JSON.stringify(facts)}::jsonb from changed`);
  return (told.rowCount ?? 0) > 0;
}
