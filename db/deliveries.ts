import { and, asc, desc, eq, isNull, lt, lte, ne, or, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { microseconds, moment, type Place } from "./connection-facts";
import { newId } from "./new-id";
import { deliveries } from "./schema";

export type Delivery = typeof deliveries.$inferSelect;

/** A failed try is repeated this long; after that only a person sends it again. */
const GIVE_UP = sql`interval '3 days'`;

type New = Pick<Delivery, "kind" | "channel" | "address" | "locale" | "key" | "facts"> &
  Partial<Pick<Delivery, "destinationId" | "alertId" | "merchantId" | "connectionId" | "userId">>;

/** Those whose key is there already are the same message, and left out. Resolves to the ids of the new ones. */
export async function insertDeliveries(db: Executor, messages: readonly New[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const rows = await db
    .insert(deliveries)
    .values(messages.map((message) => ({ id: newId("msg"), ...message })))
    .onConflictDoNothing({ target: deliveries.key })
    .returning({ id: deliveries.id });
  return rows.map(({ id }) => id);
}

export async function findDelivery(db: Executor, id: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  return row ?? null;
}

const free = or(isNull(deliveries.leaseUntil), lte(deliveries.leaseUntil, sql`app_now()`));
const due = and(eq(deliveries.status, "pending"), lte(deliveries.nextAt, sql`app_now()`), free);

/** What waits, on one channel or on all, alerts before all else. */
export async function dueDeliveries(db: Executor, limit: number, channel?: Delivery["channel"]): Promise<string[]> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(due, channel && eq(deliveries.channel, channel)))
    .orderBy(sql`(${deliveries.alertId} is null)`, asc(deliveries.nextAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Claims a message that is due, for one sender at a time; null: it is not, or somebody else has it. */
export async function claimDelivery(db: Executor, id: string, leaseS: number): Promise<Delivery | null> {
  const [row] = await db
    .update(deliveries)
    .set({
      leaseId: newId("lse"),
      leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})`,
      tries: sql`${deliveries.tries} + 1`,
    })
    .where(and(eq(deliveries.id, id), due))
    .returning();
  return row ?? null;
}

const claimed = ({ id, leaseId }: Delivery) => and(eq(deliveries.id, id), eq(deliveries.leaseId, leaseId ?? ""));
const released = { leaseId: null, leaseUntil: null };

/** Nothing is tried after this. */
export async function settleDelivery(
  db: Executor,
  row: Delivery,
  end: { status: "delivered" | "failed" | "dropped"; result: string },
): Promise<void> {
  await db
    .update(deliveries)
    .set({
      ...released,
      status: end.status,
      lastResult: end.result,
      deliveredAt: end.status === "delivered" ? sql`app_now()` : null,
    })
    .where(claimed(row));
}

/** To be tried again in so many seconds, unless that is more than three days after the first time. */
export async function retryDelivery(db: Executor, row: Delivery, { result, inS }: { result: string; inS: number }): Promise<void> {
  const next = sql`app_now() + make_interval(secs => ${inS})`;
  await db
    .update(deliveries)
    .set({
      ...released,
      lastResult: result,
      nextAt: next,
      status: sql`case when ${next} > ${deliveries.createdAt} + ${GIVE_UP} then 'failed' else 'pending' end`,
    })
    .where(claimed(row));
}

/** As if it had not been claimed, for so many seconds. */
export async function putOffDelivery(db: Executor, row: Delivery, inS: number): Promise<void> {
  await db
    .update(deliveries)
    .set({ ...released, tries: row.tries - 1, nextAt: sql`app_now() + make_interval(secs => ${inS})` })
    .where(claimed(row));
}

/** What was on its way to a destination that is no more. */
export async function dropDeliveriesTo(tx: Tx, destinationId: string, result: string): Promise<void> {
  await tx
    .update(deliveries)
    .set({ status: "dropped", lastResult: result })
    .where(and(eq(deliveries.destinationId, destinationId), eq(deliveries.status, "pending"), isNull(deliveries.leaseId)));
}

/** Of these keys, those that a message exists for. */
export async function knownKeys(db: Executor, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const found = await db.execute<{ key: string }>(
    sql`select key from deliveries where key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`,
  );
  return new Set(found.rows.map(({ key }) => key));
}

/** The log from a place on, the newest first. */
export async function listDeliveries(db: Executor, after: Place | null, limit: number): Promise<(Delivery & { place: Place })[]> {
  const beyond = after && sql`(${deliveries.createdAt}, ${deliveries.id}) < (${moment(after.at)}, ${after.id})`;
  const rows = await db
    .select({ delivery: deliveries, at: microseconds(deliveries.createdAt) })
    .from(deliveries)
    .where(beyond ?? undefined)
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(limit);
  return rows.map(({ delivery, at }) => ({ ...delivery, place: { at, id: delivery.id } }));
}

/** What came to its end and is older than a quarter of a year. */
export async function forgetDeliveries(db: Executor): Promise<void> {
  await db.delete(deliveries).where(and(lt(deliveries.createdAt, sql`app_now() - interval '90 days'`), ne(deliveries.status, "pending")));
}
