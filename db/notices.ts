import { and, eq, isNull, lt, lte, ne, sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { Connection } from "./connections";
import { newId } from "./new-id";
import { connections, notices } from "./schema";

export type StoredNotice = typeof notices.$inferSelect;
type NewNotice = Pick<StoredNotice, "offer" | "eventId" | "kind" | "accountId" | "happenedAt">;

/** `most` undone ones of an offer at a time, none older than `oldestDays`. */
type Limits = { most: number; oldestDays: number };

/** What became of a delivery: it is new and `kept`, or an earlier one of the same event was; or nothing was written. */
export type KeptNotice = { kind: "kept"; id: string } | { kind: "known" } | { kind: "old" } | { kind: "full" };

/** All in one statement; of two deliveries at once the unique index lets one in. */
export async function keepNotice(db: Executor, notice: NewNotice, { most, oldestDays }: Limits): Promise<KeptNotice> {
  const { offer, eventId, kind, accountId } = notice;
  const happenedAt = sql`${notice.happenedAt.toISOString()}::timestamptz`;
  const found = await db.execute<{ id: string | null; known: boolean; old: boolean; full: boolean }>(sql`
    with facts as (
      select
        exists (select from notices where offer = ${offer} and event_id = ${eventId}) as known,
        ${happenedAt} < app_now() - make_interval(days => ${oldestDays}) as old,
        (select count(*) from (select from notices where offer = ${offer} and done_at is null limit ${most}) few) >= ${most}::int as "full"
    ), kept as (
      insert into notices (id, offer, event_id, kind, account_id, happened_at)
      select ${newId("note")}, ${offer}, ${eventId}, ${kind}, ${accountId}, ${happenedAt} from facts where not ("full" or old)
      on conflict (offer, event_id) do nothing
      returning id
    )
    select (select id from kept) as id, known, old, "full" from facts`);
  const { id, known, old, full } = found.rows[0] ?? { id: null, known: false, old: false, full: true };
  if (id !== null) return { kind: "kept", id };
  if (old) return { kind: "old" };
  return { kind: full && !known ? "full" : "known" };
}

export async function dueNotices(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .where(and(isNull(notices.doneAt), lte(notices.nextAt, sql`app_now()`)))
    .orderBy(notices.nextAt)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** One taker wins, and has `holdS` seconds before the next may try; more at each try, in case it is this notice that they fail at. */
export async function claimNotice(db: Executor, id: string, holdS: number): Promise<StoredNotice | null> {
  const [row] = await db
    .update(notices)
    .set({
      tries: sql`${notices.tries} + 1`,
      nextAt: sql`app_now() + make_interval(secs => ${holdS}::float8 * least(${notices.tries} + 1, 30))`,
    })
    .where(and(eq(notices.id, id), isNull(notices.doneAt), lte(notices.nextAt, sql`app_now()`)))
    .returning();
  return row ?? null;
}

export async function finishNotice(db: Executor, { id }: StoredNotice, outcome: string): Promise<void> {
  await db
    .update(notices)
    .set({ doneAt: sql`app_now()`, outcome })
    .where(and(eq(notices.id, id), isNull(notices.doneAt)));
}

/** To be taken up again, unless somebody else has done so meanwhile. */
export async function postponeNotice(db: Executor, { id, tries }: StoredNotice, waitS: number): Promise<void> {
  await db
    .update(notices)
    .set({ nextAt: sql`app_now() + make_interval(secs => ${waitS})` })
    .where(and(eq(notices.id, id), eq(notices.tries, tries), isNull(notices.doneAt)));
}

/** Everything but pending rows, of which the account is not known yet. */
export async function rowsOfAccount(db: Executor, { offer, accountId }: StoredNotice): Promise<Connection[]> {
  return db
    .select()
    .from(connections)
    .where(and(eq(connections.offer, offer), eq(connections.accountId, accountId), ne(connections.status, "pending")));
}

/** Whether somebody is connecting at the same offer just when a notice came in, so that it may be about what comes of that. */
export async function cameWhileConnecting(db: Executor, { id, offer }: StoredNotice, seconds: number): Promise<boolean> {
  const found = await db.execute<{ yes: boolean }>(sql`
    select exists (select from connections where offer = ${offer} and status = 'pending')
      and exists (select from notices where id = ${id} and received_at > app_now() - make_interval(secs => ${seconds})) as yes`);
  return found.rows[0]?.yes === true;
}

/** Those done are forgotten long after nobody repeats them any more. */
export async function forgetNotices(db: Executor): Promise<void> {
  await db.delete(notices).where(lt(notices.doneAt, sql`app_now() - interval '30 days'`));
}
