import { and, eq, inArray, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { heldBack } from "./offer-pauses";
import { type ConnectionStatus, connections } from "./schema";

type Connection = typeof connections.$inferSelect;

export const touched = { updatedAt: sql`app_now()` };
/** A lease that is given back shows that its holder lived through the work. */
export const unleased = { leaseId: null, leaseUntil: null, sentAt: null, crashes: 0 } as const;

/**
 * What every claim does, in one statement by the database's clock: owner, deadline and epoch. A lease that ended without a word is a crash
 * of its holder, a call that was sent and never settled is in doubt.
 */
const claimed = (leaseId: string, leaseS: number) => ({
  leaseId,
  leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})`,
  epoch: sql`${connections.epoch} + 1`,
  crashes: sql`${connections.crashes} + case when ${connections.leaseId} is null then 0 else 1 end`,
  trouble: sql`case when ${connections.sentAt} is null then ${connections.trouble} else 'doubt' end`,
  troubleCode: sql`case when ${connections.sentAt} is null then ${connections.troubleCode} else 'outcome_unknown' end`,
  troubleAt: sql`case when ${connections.sentAt} is null then ${connections.troubleAt} else coalesce(${connections.troubleAt}, app_now()) end`,
  sentAt: null,
});

/** Nobody is at it, and no call of it is in doubt that is younger than `doubtS`. */
const claimable = (doubtS: number) =>
  and(
    sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,
    sql`(${connections.sentAt} is null or ${connections.sentAt} <= app_now() - make_interval(secs => ${doubtS}))`,
  );

/**
 * Claims the right to renew. Null: somebody else has it, the row is in no state to renew, a call that was sent and never settled is
 * younger than `doubtS`, or there is newer access already than that of the `generation` which is to be replaced.
 */
export async function claimConnection(
  db: Executor,
  id: string,
  leaseId: string,
  leaseS: number,
  doubtS: number,
  statuses: ConnectionStatus[],
  generation: number | null = null,
): Promise<Connection | null> {
  const current = generation === null ? undefined : eq(connections.generation, generation);
  const [row] = await db
    .update(connections)
    .set(claimed(leaseId, leaseS))
    .where(and(eq(connections.id, id), inArray(connections.status, statuses), current, claimable(doubtS)))
    .returning();
  return row ?? null;
}

export type DueClaim = { offer: string; leaseId: string; leaseS: number; doubtS: number; limit: number; suspects: boolean };

/**
 * Claims live connections of an offer whose renewal is due, the longest due first, by the index on both: several processes take different
 * ones. None of what an admin holds back. `suspects`: those whose last holder died, and no others.
 */
export async function claimDue(db: Executor, { offer, leaseId, leaseS, doubtS, limit, suspects }: DueClaim): Promise<Connection[]> {
  const due = sql`(
    select id from connections
    where offer = ${offer} and status = 'active' and next_refresh_at is not null and next_refresh_at <= app_now()
      and not ${heldBack(offer)}
      and ${claimable(doubtS)}
      and ${suspects ? sql`(crashes > 0 or lease_id is not null)` : sql`crashes = 0 and lease_id is null`}
    order by next_refresh_at
    limit ${limit}
    for update skip locked)`;
  return db.update(connections).set(claimed(leaseId, leaseS)).where(sql`${connections.id} = any(array${due})`).returning();
}

export const mine = (id: string, leaseId: string, epoch: number) =>
  and(eq(connections.id, id), eq(connections.leaseId, leaseId), eq(connections.epoch, epoch));

/** Committed before a call that spends the renewal. False: the lease was lost, so the call must not be made. */
export async function markSent(db: Executor, id: string, leaseId: string, epoch: number): Promise<boolean> {
  const rows = await db
    .update(connections)
    .set({ sentAt: sql`app_now()` })
    .where(mine(id, leaseId, epoch))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** Gives a lease back with nothing changed. */
export async function releaseLease(db: Executor, id: string, leaseId: string): Promise<void> {
  await db
    .update(connections)
    .set(unleased)
    .where(and(eq(connections.id, id), eq(connections.leaseId, leaseId)));
}

/** The same, and when it makes sense to claim it again; `waitS` null: only once somebody asks. */
export async function handBack(db: Executor, id: string, leaseId: string, waitS: number | null): Promise<void> {
  await db
    .update(connections)
    .set({ ...unleased, nextRefreshAt: waitS === null ? null : sql`app_now() + make_interval(secs => ${waitS})` })
    .where(and(eq(connections.id, id), eq(connections.leaseId, leaseId)));
}

/** Puts a row aside at which its holders died one after the other: nobody claims it by itself any more. False: fenced out. */
export async function quarantine(tx: Tx, id: string, leaseId: string, epoch: number): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({
      ...touched,
      ...unleased,
      nextRefreshAt: null,
      nextProofAt: null,
      failures: sql`greatest(${connections.failures}, 2)`,
      firstFailureAt: sql`coalesce(${connections.firstFailureAt}, app_now())`,
      trouble: "transient",
      troubleCode: "quarantined",
      troubleAt: sql`app_now()`,
    })
    .where(mine(id, leaseId, epoch))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** Somebody asked for its access. Once a minute is enough, and once since it was fetched: many who ask at once would wait for the row. */
export async function noteUse(db: Executor, id: string): Promise<void> {
  const longAgo = sql`(${connections.usedAt} > app_now() - interval '1 minute' and ${connections.usedAt} > ${connections.issuedAt}) is not true`;
  await db
    .update(connections)
    .set({ usedAt: sql`app_now()` })
    .where(and(eq(connections.id, id), longAgo));
}

/** Calls that were sent, and whose holder's lease ended without a word: what came of them is not known. The row is told so once. */
export async function brokenOff(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(and(sql`${connections.sentAt} is not null`, sql`${connections.leaseUntil} <= app_now()`, notTold))
    .limit(limit);
  return rows.map((row) => row.id);
}

const notTold = sql`${connections.trouble} is distinct from 'doubt'`;

/** Neither lease nor epoch moves: the late holder may still settle it. Null: it did, or somebody else was first to tell. */
export async function noteBrokenOff(tx: Tx, id: string): Promise<Connection | null> {
  const [row] = await tx
    .update(connections)
    .set({
      ...touched,
      trouble: "doubt",
      troubleCode: "outcome_unknown",
      troubleAt: sql`app_now()`,
      firstFailureAt: sql`coalesce(${connections.firstFailureAt}, app_now())`,
    })
    .where(and(eq(connections.id, id), sql`${connections.sentAt} is not null`, sql`${connections.leaseUntil} <= app_now()`, notTold))
    .returning();
  return row ?? null;
}
