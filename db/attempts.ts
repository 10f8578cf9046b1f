import { and, eq, inArray, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { type AttemptOutcome, attempts } from "./schema";
import type { Sealed } from "./sealed";

export type Attempt = typeof attempts.$inferSelect;
export type NewAttempt = Pick<
  typeof attempts.$inferInsert,
  | "id"
  | "stateHash"
  | "browserHash"
  | "offer"
  | "offerFingerprint"
  | "merchantId"
  | "userId"
  | "connectionId"
  | "label"
  | "redirectUri"
  | "verifier"
>;

const LIFE_S = 600;
/** A code was sent by a process that never told what came of it. */
export const OUTCOME_UNKNOWN = "outcome_unknown";
const erased = { answer: null, verifier: null, leaseId: null, leaseUntil: null } as const;

/** Opens an attempt for ten minutes. The same form sent twice (double click) renews its still open attempt; null: that one went on. */
export async function openAttempt(tx: Tx, attempt: NewAttempt): Promise<Attempt | null> {
  const life = sql`app_now() + make_interval(secs => ${LIFE_S})`;
  const { stateHash, browserHash, verifier, label, offerFingerprint } = attempt;
  const [row] = await tx
    .insert(attempts)
    .values({ ...attempt, status: "open", expiresAt: life })
    .onConflictDoUpdate({
      target: attempts.id,
      set: { stateHash, browserHash, verifier, label, offerFingerprint },
      setWhere: and(
        eq(attempts.status, "open"),
        eq(attempts.userId, attempt.userId),
        eq(attempts.offer, attempt.offer),
        sql`${attempts.merchantId} = ${attempt.merchantId} and ${attempts.connectionId} is not distinct from ${attempt.connectionId ?? null}`,
        sql`${attempts.expiresAt} > app_now()`,
      ),
    })
    .returning();
  return row ?? null;
}

/** For a reconnect the newest attempt wins: the others on that connection that nothing came back to are closed. */
export async function replaceAttempts(tx: Tx, connectionId: string, newest: string): Promise<void> {
  await tx
    .update(attempts)
    .set({ ...erased, status: "finished", outcome: "replaced", resultId: newest, finishedAt: sql`app_now()` })
    .where(and(eq(attempts.connectionId, connectionId), ne(attempts.id, newest), eq(attempts.status, "open")));
}

export async function findAttempt(db: Executor, id: string): Promise<Attempt | null> {
  const [row] = await db.select().from(attempts).where(eq(attempts.id, id));
  return row ?? null;
}

export async function findAttemptByState(db: Executor, stateHash: string): Promise<(Attempt & { expired: boolean }) | null> {
  const [row] = await db
    .select({ attempt: attempts, expired: sql<boolean>`${attempts.expiresAt} <= app_now()` })
    .from(attempts)
    .where(eq(attempts.stateHash, stateHash));
  return row ? { ...row.attempt, expired: row.expired } : null;
}

/** The newest unfinished attempt of a person at an offer, for "you have an attempt in progress". */
export async function findOpenAttempt(db: Executor, userId: string, offer: string): Promise<Attempt | null> {
  const [row] = await db
    .select()
    .from(attempts)
    .where(
      and(eq(attempts.userId, userId), eq(attempts.offer, offer), ne(attempts.status, "finished"), sql`${attempts.expiresAt} > app_now()`),
    )
    .orderBy(sql`${attempts.createdAt} desc`)
    .limit(1);
  return row ?? null;
}

const stillOpen = (id: string) => and(eq(attempts.id, id), eq(attempts.status, "open"), sql`${attempts.expiresAt} > app_now()`);

/** Consumes the state and keeps the answer sealed, in one statement. False: somebody was first, or it is too late. */
export async function keepAnswer(tx: Tx, id: string, answer: Sealed, present: boolean): Promise<boolean> {
  const rows = await tx
    .update(attempts)
    .set({ status: "answered", answer, answeredAt: sql`app_now()`, presentAt: present ? sql`app_now()` : null })
    .where(stillOpen(id))
    .returning({ id: attempts.id });
  return rows.length > 0;
}

/** Closes an attempt that is still open. False: somebody was first. */
export async function closeOpenAttempt(tx: Tx, id: string, outcome: AttemptOutcome, troubleCode: string | null): Promise<boolean> {
  const rows = await tx
    .update(attempts)
    .set({ ...erased, status: "finished", outcome, troubleCode, answeredAt: sql`app_now()`, finishedAt: sql`app_now()` })
    .where(and(eq(attempts.id, id), eq(attempts.status, "open")))
    .returning({ id: attempts.id });
  return rows.length > 0;
}

/** Claims the one sending of a code: lease and "sent" are committed together before anything leaves. Null: not to be sent now. */
export async function claimExchange(db: Executor, id: string, leaseId: string, leaseS: number): Promise<Attempt | null> {
  const [row] = await db
    .update(attempts)
    .set({
      leaseId,
      leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})`,
      sentAt: sql`app_now()`,
      tries: sql`${attempts.tries} + 1`,
    })
    .where(
      and(
        eq(attempts.id, id),
        eq(attempts.status, "answered"),
        isNull(attempts.sentAt),
        sql`(${attempts.leaseUntil} is null or ${attempts.leaseUntil} <= app_now())`,
        sql`${attempts.expiresAt} > app_now()`,
      ),
    )
    .returning();
  return row ?? null;
}

/** Nothing was sent: the code may be sent again, not before `waitS` from now. */
export async function unsendExchange(db: Executor, id: string, leaseId: string, waitS: number): Promise<void> {
  await db
    .update(attempts)
    .set({ leaseId: null, leaseUntil: sql`app_now() + make_interval(secs => ${waitS})`, sentAt: null })
    .where(and(eq(attempts.id, id), eq(attempts.leaseId, leaseId), eq(attempts.status, "answered")));
}

/**
 * The platform issued something, held by a pending connection. `leaseId` null: the attempt had no code (credentials, import).
 * A late answer also revives an attempt that was given up because its outcome was unknown.
 */
export async function markIssued(tx: Tx, id: string, leaseId: string | null, resultId: string): Promise<boolean> {
  const late = and(eq(attempts.status, "finished"), eq(attempts.troubleCode, OUTCOME_UNKNOWN));
  const held =
    leaseId === null ? eq(attempts.status, "open") : or(and(eq(attempts.status, "answered"), eq(attempts.leaseId, leaseId)), late);
  const rows = await tx
    .update(attempts)
    .set({ ...erased, status: "issued", outcome: null, troubleCode: null, resultId })
    .where(and(eq(attempts.id, id), held))
    .returning({ id: attempts.id });
  return rows.length > 0;
}

export type Finish = { outcome: AttemptOutcome; resultId?: string | null; troubleCode?: string | null; customerText?: string | null };

/** Ends an attempt that is not finished yet, or moves a parked one on to its choice. */
export async function finishAttempt(tx: Tx, id: string, finish: Finish): Promise<void> {
  await tx
    .update(attempts)
    .set({ ...erased, ...finish, status: "finished", finishedAt: sql`app_now()` })
    .where(
      and(eq(attempts.id, id), or(ne(attempts.status, "finished"), inArray(attempts.outcome, ["different_account", "held_elsewhere"]))),
    );
}

/** Codes that wait for the job: their starter came back at least `idleS` seconds ago and nobody is at them. */
export async function waitingExchanges(db: Executor, idleS: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        eq(attempts.status, "answered"),
        isNull(attempts.sentAt),
        sql`${attempts.presentAt} is not null and ${attempts.answeredAt} <= app_now() - make_interval(secs => ${idleS})`,
        sql`(${attempts.leaseUntil} is null or ${attempts.leaseUntil} <= app_now())`,
        sql`${attempts.expiresAt} > app_now()`,
      ),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Attempts that ran out: open or held too long, or sent by a process that never settled them. */
export async function lapsedAttempts(db: Executor, limit: number): Promise<{ id: string; sent: boolean; merchantId: string }[]> {
  const rows = await db
    .select({ id: attempts.id, sentAt: attempts.sentAt, merchantId: attempts.merchantId })
    .from(attempts)
    .where(
      or(
        and(inArray(attempts.status, ["open", "answered"]), isNull(attempts.sentAt), lte(attempts.expiresAt, sql`app_now()`)),
        and(eq(attempts.status, "answered"), sql`${attempts.sentAt} is not null and ${attempts.leaseUntil} <= app_now()`),
      ),
    )
    .limit(limit);
  return rows.map(({ sentAt, ...row }) => ({ ...row, sent: sentAt !== null }));
}

/** Attempts that came to nothing are forgotten after a day; the events stay. */
export async function forgetAttempts(db: Executor): Promise<number> {
  const gone = await db
    .delete(attempts)
    .where(and(eq(attempts.status, "finished"), isNull(attempts.resultId), sql`${attempts.finishedAt} < app_now() - interval '1 day'`))
    .returning({ id: attempts.id });
  return gone.length;
}
