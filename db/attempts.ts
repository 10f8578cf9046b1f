import { and, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
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
/** What an attempt that has ended holds no more. */
export const erased = { answer: null, verifier: null, leaseId: null, leaseUntil: null } as const;

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

/** Nothing of it has gone to the platform yet. */
export const unsent = or(eq(attempts.status, "open"), and(eq(attempts.status, "answered"), isNull(attempts.sentAt)));

/** For a reconnect the newest attempt wins: the others on that connection are closed while no code of theirs was sent. Resolves to those. */
export async function replaceAttempts(tx: Tx, connectionId: string, newest: string): Promise<Attempt[]> {
  return tx
    .update(attempts)
    .set({ ...erased, status: "finished", outcome: "replaced", resultId: newest, finishedAt: sql`app_now()` })
    .where(and(eq(attempts.connectionId, connectionId), ne(attempts.id, newest), unsent))
    .returning();
}

/** The newest attempt on the same connection that was begun after this one and has renewed it. */
export async function findNewer(db: Executor, id: string): Promise<string | null> {
  const found = await db.execute<{ id: string }>(sql`
    select newer.id from attempts this
    join attempts newer on newer.connection_id = this.connection_id and newer.created_at > this.created_at
    where this.id = ${id} and newer.outcome = 'renewed' and newer.result_id = newer.connection_id
    order by newer.created_at desc limit 1`);
  return found.rows[0]?.id ?? null;
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

/**
 * Nothing was sent: the code may be sent again, not before `waitS` from now. `counts` false: it was not even our turn. False: the attempt
 * does not live that long.
 */
export async function unsendExchange(db: Executor, id: string, leaseId: string, waitS: number, counts = true): Promise<boolean> {
  const rows = await db
    .update(attempts)
    .set({
      ...(counts ? {} : { tries: sql`${attempts.tries} - 1` }),
      leaseId: null,
      leaseUntil: sql`app_now() + make_interval(secs => ${waitS})`,
      sentAt: null,
    })
    .where(
      and(
        eq(attempts.id, id),
        eq(attempts.leaseId, leaseId),
        eq(attempts.status, "answered"),
        sql`${attempts.expiresAt} > app_now() + make_interval(secs => ${waitS})`,
      ),
    )
    .returning({ id: attempts.id });
  return rows.length > 0;
}

/**
 * The platform issued something, held by a pending connection. Only the one who sent the code (or had none to send) calls it, so it
 * also revives an attempt that was given up meanwhile because nothing had been heard. False: it holds a result already, or is gone.
 */
export async function markIssued(tx: Tx, id: string, resultId: string): Promise<boolean> {
  const rows = await tx
    .update(attempts)
    .set({ ...erased, status: "issued", outcome: null, troubleCode: null, finishedAt: null, resultId })
    .where(and(eq(attempts.id, id), isNull(attempts.resultId)))
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
