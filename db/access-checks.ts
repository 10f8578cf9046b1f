import { eq, sql } from "drizzle-orm";
import { type AccessVerdict, accessChecks } from "./api-tables";
import type { Executor, Tx } from "./client";

/** Asks to be the one who checks that access. False: within `everyS` somebody else was. */
export async function claimCheck(db: Executor, connectionId: string, generation: number, everyS: number): Promise<boolean> {
  const claimed = { generation, begunAt: sql`app_now()`, verdict: null };
  const rows = await db
    .insert(accessChecks)
    .values({ connectionId, ...claimed })
    .onConflictDoUpdate({
      target: accessChecks.connectionId,
      set: claimed,
      setWhere: sql`${accessChecks.begunAt} <= app_now() - make_interval(secs => ${everyS})`,
    })
    .returning({ id: accessChecks.connectionId });
  return rows.length > 0;
}

/** Tells everybody what came of it. The next check may begin `againS` from now. */
export async function finishCheck(tx: Tx, connectionId: string, verdict: AccessVerdict, everyS: number, againS: number): Promise<void> {
  await tx
    .update(accessChecks)
    .set({
      verdict,
      begunAt: sql`least(${accessChecks.begunAt}, app_now() - make_interval(secs => ${everyS - againS}))`,
    })
    .where(eq(accessChecks.connectionId, connectionId));
}

export type Check = { generation: number; verdict: AccessVerdict | null; againS: number };

export async function findCheck(db: Executor, connectionId: string, everyS: number): Promise<Check | null> {
  const [row] = await db
    .select({
      generation: accessChecks.generation,
      verdict: accessChecks.verdict,
      againS: sql<number>`(${everyS} - extract(epoch from app_now() - ${accessChecks.begunAt}))::float8`,
    })
    .from(accessChecks)
    .where(eq(accessChecks.connectionId, connectionId));
  return row ?? null;
}
