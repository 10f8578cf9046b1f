import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { type Attempt, erased, unsent } from "./attempts";
import type { Executor, Tx } from "./client";
import { attempts } from "./schema";

const of = (starterId: string) => eq(attempts.userId, starterId);

/** Ends what a starter has on its way while no code of it was sent: replaced by one that won. Resolves to those. */
export async function replaceAttemptsOf(tx: Tx, starterId: string, winner: string): Promise<Attempt[]> {
  return tx
    .update(attempts)
    .set({ ...erased, status: "finished", outcome: "replaced", resultId: winner, finishedAt: sql`app_now()` })
    .where(and(of(starterId), ne(attempts.id, winner), unsent))
    .returning();
}

/** The same for nothing in return. */
export async function cancelAttemptsOf(tx: Tx, starterId: string, troubleCode: string): Promise<Attempt[]> {
  return tx
    .update(attempts)
    .set({ ...erased, status: "finished", outcome: "cancelled", troubleCode, finishedAt: sql`app_now()` })
    .where(and(of(starterId), unsent))
    .returning();
}

/** Whether something of a starter's is still on its way. */
export async function hasUnfinished(db: Executor, starterId: string): Promise<boolean> {
  const rows = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(of(starterId), ne(attempts.status, "finished")))
    .limit(1);
  return rows.length > 0;
}

/** The attempt by which a starter came to its connection. */
export async function findWinner(db: Executor, starterId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(of(starterId), inArray(attempts.outcome, ["connected", "renewed"])))
    .orderBy(desc(attempts.finishedAt))
    .limit(1);
  return row?.id ?? null;
}
