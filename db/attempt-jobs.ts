import { and, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { type Attempt, erased } from "./attempts";
import type { Executor, Tx } from "./client";
import { attempts } from "./schema";

/** A code was sent by a process that never told what came of it. */
const OUTCOME_UNKNOWN = "outcome_unknown";

/** Codes that wait for the job: their starter, still of that merchant or by a link that was not taken back, came back at least `idleS` seconds ago and nobody is at them. */
export async function waitingExchanges(db: Executor, idleS: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        eq(attempts.status, "answered"),
        isNull(attempts.sentAt),
        sql`(exists (select 1 from memberships m join users u on u.id = m.user_id
          where m.user_id = ${attempts.userId} and m.merchant_id = ${attempts.merchantId} and u.disabled_at is null)
          or exists (select 1 from connect_links l where l.id = ${attempts.userId} and l.revoked_at is null and l.used_at is null))`,
        sql`${attempts.presentAt} is not null and ${attempts.answeredAt} <= app_now() - make_interval(secs => ${idleS})`,
        sql`(${attempts.leaseUntil} is null or ${attempts.leaseUntil} <= app_now())`,
        sql`${attempts.expiresAt} > app_now()`,
      ),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

const ranOut = and(inArray(attempts.status, ["open", "answered"]), isNull(attempts.sentAt), lte(attempts.expiresAt, sql`app_now()`));
const neverSettled = and(eq(attempts.status, "answered"), sql`${attempts.sentAt} is not null and ${attempts.leaseUntil} <= app_now()`);

/** Attempts that ran out: open or held too long, or sent by a process that never settled them. */
export async function lapsedAttempts(db: Executor, limit: number): Promise<string[]> {
  const rows = await db.select({ id: attempts.id }).from(attempts).where(or(ranOut, neverSettled)).limit(limit);
  return rows.map((row) => row.id);
}

/** Closes an attempt that is still lapsed. Null: somebody moved it on meanwhile. */
export async function closeLapsed(tx: Tx, id: string): Promise<Attempt | null> {
  const done = { ...erased, status: "finished", finishedAt: sql`app_now()` } as const;
  const [late] = await tx
    .update(attempts)
    .set({ ...done, outcome: "timed_out" })
    .where(and(eq(attempts.id, id), ranOut))
    .returning();
  if (late) return late;
  const unknown = { ...done, outcome: "unreachable", troubleCode: OUTCOME_UNKNOWN } as const;
  const [lost] = await tx
    .update(attempts)
    .set(unknown)
    .where(and(eq(attempts.id, id), neverSettled))
    .returning();
  return lost ?? null;
}

/** Attempts that came to nothing are forgotten after a day; the events stay. */
export async function forgetAttempts(db: Executor): Promise<number> {
  const gone = await db
    .delete(attempts)
    .where(and(eq(attempts.status, "finished"), isNull(attempts.resultId), sql`${attempts.finishedAt} < app_now() - interval '1 day'`))
    .returning({ id: attempts.id });
  return gone.length;
}
