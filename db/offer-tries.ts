import { and, eq, lte, ne, or, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { offerTries, type TryStep } from "./offer-tables";
import type { Sealed } from "./sealed";

export type { TryStep };
export type OfferTry = typeof offerTries.$inferSelect;
type NewTry = Pick<
  typeof offerTries.$inferInsert,
  "id" | "offer" | "offerFingerprint" | "userId" | "stateHash" | "browserHash" | "redirectUri" | "verifier"
>;

/** Open for ten minutes, as every consent. */
export async function insertTry(tx: Tx, made: NewTry): Promise<void> {
  await tx.insert(offerTries).values({ ...made, status: "open", expiresAt: sql`app_now() + interval '10 minutes'` });
}

export async function findTry(db: Executor, id: string): Promise<OfferTry | null> {
  const [row] = await db.select().from(offerTries).where(eq(offerTries.id, id));
  return row ?? null;
}

export async function findTryByState(db: Executor, stateHash: string): Promise<OfferTry | null> {
  const [row] = await db.select().from(offerTries).where(eq(offerTries.stateHash, stateHash));
  return row ?? null;
}

/** Consumes the state and keeps the answer. False: somebody was first, or it is too late. */
export async function keepTryAnswer(tx: Tx, id: string, answer: Sealed): Promise<boolean> {
  const rows = await tx
    .update(offerTries)
    .set({ status: "answered", answer })
    .where(and(eq(offerTries.id, id), eq(offerTries.status, "open"), sql`${offerTries.expiresAt} > app_now()`))
    .returning({ id: offerTries.id });
  return rows.length > 0;
}

/** One caller carries it out, and its answer is gone from here on: a code is sent once. Null: somebody else does, or did. */
export async function claimTry(db: Executor, id: string, leaseS: number): Promise<OfferTry | null> {
  const before = await findTry(db, id);
  const rows = await db
    .update(offerTries)
    .set({ status: "running", answer: null, verifier: null, leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})` })
    .where(and(eq(offerTries.id, id), eq(offerTries.status, "answered"), sql`${offerTries.expiresAt} > app_now()`))
    .returning({ id: offerTries.id });
  return rows.length > 0 ? before : null;
}

/** What was issued is kept until it was given back, whoever does that. */
export async function keepTryGrant(
  db: Executor,
  id: string,
  grant: { access: Sealed | null; renewal: Sealed | null },
  steps: TryStep[],
): Promise<void> {
  await db
    .update(offerTries)
    .set({ ...grant, steps })
    .where(eq(offerTries.id, id));
}

/** Nothing is left of it but its results. */
export async function finishTry(tx: Tx, id: string, steps: TryStep[]): Promise<boolean> {
  const rows = await tx
    .update(offerTries)
    .set({ status: "done", answer: null, verifier: null, access: null, renewal: null, leaseUntil: null, steps })
    .where(and(eq(offerTries.id, id), ne(offerTries.status, "done")))
    .returning({ id: offerTries.id });
  return rows.length > 0;
}

/** Claims what was left behind: its time is over, or whoever carried it out has died. */
export async function claimLeftTry(db: Executor, leaseS: number): Promise<OfferTry | null> {
  const over = or(
    and(eq(offerTries.status, "running"), lte(offerTries.leaseUntil, sql`app_now()`)),
    and(ne(offerTries.status, "running"), ne(offerTries.status, "done"), lte(offerTries.expiresAt, sql`app_now()`)),
  );
  const [row] = await db
    .update(offerTries)
    .set({ status: "running", answer: null, verifier: null, leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})` })
    .where(sql`${offerTries.id} = (select id from offer_tries where ${over} order by expires_at limit 1 for update skip locked)`)
    .returning();
  return row ?? null;
}

export async function forgetTries(db: Executor): Promise<void> {
  await db.execute(sql`delete from offer_tries where status = 'done' and created_at < app_now() - interval '90 days'`);
}
