import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { bulkItems, type ItemStatus } from "./bulk-tables";
import type { Executor, Tx } from "./client";
import { connections, merchants } from "./schema";

export type BulkItem = typeof bulkItems.$inferSelect;

/** Platforms at which a run has something to begin now. */
export async function waitingOffers(db: Executor, runId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ offer: bulkItems.offer })
    .from(bulkItems)
    .where(and(eq(bulkItems.runId, runId), eq(bulkItems.status, "waiting"), due));
  return rows.map(({ offer }) => offer);
}

const due = sql`next_at <= app_now() and (lease_until is null or lease_until <= app_now())`;

type Claim = { runId: string; offer: string; leaseId: string; leaseS: number; limit: number };

/** Claims some of a running run's items at one platform: several processes take different ones, and a run that was stopped gives none. */
export async function claimItems(db: Executor, { runId, offer, leaseId, leaseS, limit }: Claim): Promise<BulkItem[]> {
  const some = sql`(
    select connection_id from bulk_items
    where run_id = ${runId} and status = 'waiting' and offer = ${offer} and ${due}
      and exists (select 1 from bulk_runs r where r.id = ${runId} and r.status = 'running')
    order by connection_id limit ${limit} for update skip locked)`;
  return db
    .update(bulkItems)
    .set({
      leaseId,
      leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})`,
      tries: sql`${bulkItems.tries} + 1`,
      generation: sql`coalesce(${bulkItems.generation}, (select c.generation from connections c where c.id = ${bulkItems.connectionId}))`,
    })
    .where(and(eq(bulkItems.runId, runId), sql`${bulkItems.connectionId} = any(array${some})`))
    .returning();
}

const mine = ({ runId, connectionId, leaseId }: BulkItem) =>
  and(eq(bulkItems.runId, runId), eq(bulkItems.connectionId, connectionId), eq(bulkItems.leaseId, leaseId ?? ""));

/** Where the lease is still mine. */
export async function settleItem(db: Executor, item: BulkItem, status: ItemStatus, code: string | null): Promise<void> {
  await db.update(bulkItems).set({ status, code, leaseId: null, leaseUntil: null }).where(mine(item));
}

/** Gives an item back; what was never begun was no try. */
export async function postponeItem(db: Executor, item: BulkItem, waitS: number, code: string | null, tried: boolean): Promise<void> {
  await db
    .update(bulkItems)
    .set({
      code,
      leaseId: null,
      leaseUntil: null,
      nextAt: sql`app_now() + make_interval(secs => ${waitS})`,
      tries: tried ? bulkItems.tries : sql`${bulkItems.tries} - 1`,
    })
    .where(mine(item));
}

/**
 * Takes over what became of the revocations that a run began: confirmed, or tried so often that somebody should look at it. What was given up
 * and is confirmed later counts as done.
 */
export async function followRevocations(db: Executor, runId: string, mostTries: number): Promise<void> {
  await db.execute(sql`
    update bulk_items i set
      status = case when n.ended then 'done' else 'failed' end,
      code = n.code
    from (
      select i.connection_id as id, c.id is null or c.status = 'revoked' as ended,
        case when c.id is null then 'gone' when c.status = 'revoked' then c.revoke_confirmed else coalesce(c.trouble_code, 'other') end as code
      from bulk_items i left join connections c on c.id = i.connection_id
      where i.run_id = ${runId} and i.status in ('asked', 'failed')
        and (c.id is null or c.status = 'revoked' or (i.status = 'asked' and c.status = 'revoking' and c.revoke_tries >= ${mostTries} and c.lease_id is null))
    ) n
    where i.run_id = ${runId} and i.connection_id = n.id`);
}

/** What failed waits again. Resolves to how many. */
export async function retryFailed(tx: Tx, runId: string): Promise<number> {
  const done = await tx
    .update(bulkItems)
    .set({ status: "waiting", tries: 0, generation: null, nextAt: sql`app_now()`, leaseId: null, leaseUntil: null })
    .where(and(eq(bulkItems.runId, runId), eq(bulkItems.status, "failed")));
  return done.rowCount ?? 0;
}

/** A platform that did not confirm is asked again at once, as often as the first time. */
export async function tellAnew(db: Executor, connectionId: string): Promise<void> {
  await db
    .update(connections)
    .set({ revokeTries: 0, revokeNextAt: sql`app_now()` })
    .where(and(eq(connections.id, connectionId), eq(connections.status, "revoking"), sql`${connections.leaseId} is null`));
}

export type ItemCount = { offer: string; status: ItemStatus; n: number };

export async function countItems(db: Executor, runId: string): Promise<ItemCount[]> {
  return db
    .select({ offer: bulkItems.offer, status: bulkItems.status, n: sql<number>`count(*)::int` })
    .from(bulkItems)
    .where(eq(bulkItems.runId, runId))
    .groupBy(bulkItems.offer, bulkItems.status)
    .orderBy(bulkItems.offer);
}

/** The same of several runs at once, over all platforms. */
export async function countItemsOf(db: Executor, runIds: readonly string[]): Promise<{ runId: string; status: ItemStatus; n: number }[]> {
  if (runIds.length === 0) return [];
  return db
    .select({ runId: bulkItems.runId, status: bulkItems.status, n: sql<number>`count(*)::int` })
    .from(bulkItems)
    .where(inArray(bulkItems.runId, [...runIds]))
    .groupBy(bulkItems.runId, bulkItems.status);
}

export type ListedItem = {
  connectionId: string;
  status: ItemStatus;
  code: string | null;
  offer: string;
  provider: string | null;
  name: string | null;
  merchantName: string | null;
  tries: number;
};

/** Items of one status, by id from one place on. */
export async function listItems(db: Executor, runId: string, status: ItemStatus, after: string, limit: number): Promise<ListedItem[]> {
  return db
    .select({
      connectionId: bulkItems.connectionId,
      status: bulkItems.status,
      code: sql<string | null>`case when ${bulkItems.status} = 'asked' then ${connections.troubleCode} else ${bulkItems.code} end`,
      offer: bulkItems.offer,
      provider: connections.provider,
      name: sql<string | null>`coalesce(${connections.label}, ${connections.accountLabel}, ${connections.accountId})`,
      merchantName: merchants.name,
      tries: sql<number>`case when ${connections.status} = 'revoking' then ${connections.revokeTries} else ${bulkItems.tries} end`,
    })
    .from(bulkItems)
    .leftJoin(connections, eq(connections.id, bulkItems.connectionId))
    .leftJoin(merchants, eq(merchants.id, connections.merchantId))
    .where(and(eq(bulkItems.runId, runId), eq(bulkItems.status, status), sql`${bulkItems.connectionId} > ${after}`))
    .orderBy(asc(bulkItems.connectionId))
    .limit(limit);
}
