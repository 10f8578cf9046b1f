import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { type BulkAct, bulkItems, bulkRuns, type Exclusion } from "./bulk-tables";
import type { Executor, Tx } from "./client";
import { memberships, type Role, users } from "./schema";

export type BulkRun = typeof bulkRuns.$inferSelect;
type NewRun = {
  id: string;
  act: BulkAct;
  reason: string | null;
  ticket: string | null;
  query: string | null;
  byId: string;
  byName: string;
};

export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.insert(bulkRuns).values(run);
}

export async function noteExcluded(tx: Tx, id: string, excluded: Partial<Record<Exclusion, number>>): Promise<void> {
  await tx.update(bulkRuns).set({ excluded }).where(eq(bulkRuns.id, id));
}

export async function findRun(db: Executor, id: string): Promise<BulkRun | null> {
  const [row] = await db.select().from(bulkRuns).where(eq(bulkRuns.id, id));
  return row ?? null;
}

/** The newest first. */
export async function recentRuns(db: Executor, limit: number): Promise<BulkRun[]> {
  return db.select().from(bulkRuns).orderBy(desc(bulkRuns.startedAt), desc(bulkRuns.id)).limit(limit);
}

export async function runningRuns(db: Executor): Promise<BulkRun[]> {
  return db.select().from(bulkRuns).where(eq(bulkRuns.status, "running")).orderBy(bulkRuns.startedAt);
}

/** Runs of whose items the platform has yet to confirm some, whatever became of the run. */
export async function runsWithAsked(db: Executor): Promise<string[]> {
  const rows = await db.selectDistinct({ id: bulkItems.runId }).from(bulkItems).where(eq(bulkItems.status, "asked"));
  return rows.map(({ id }) => id);
}

/** Nothing more of it is begun. False: it was not running any more. */
export async function stopRun(tx: Tx, id: string, by: string): Promise<boolean> {
  const rows = await tx
    .update(bulkRuns)
    .set({ status: "stopped", stoppedBy: by, finishedAt: sql`app_now()` })
    .where(and(eq(bulkRuns.id, id), eq(bulkRuns.status, "running")))
    .returning({ id: bulkRuns.id });
  return rows.length > 0;
}

/** From now on in this person's name. False: it is running. */
export async function resumeRun(tx: Tx, id: string, by: { id: string; name: string }): Promise<boolean> {
  const rows = await tx
    .update(bulkRuns)
    .set({ status: "running", stoppedBy: null, finishedAt: null, byId: by.id, byName: by.name })
    .where(and(eq(bulkRuns.id, id), inArray(bulkRuns.status, ["stopped", "done"])))
    .returning({ id: bulkRuns.id });
  return rows.length > 0;
}

/** Every item has come to an end. False: some have not, or it was not running. */
export async function finishRun(tx: Tx, id: string): Promise<boolean> {
  const open = sql`exists (select 1 from bulk_items i where i.run_id = ${bulkRuns.id} and i.status in ('waiting', 'asked'))`;
  const rows = await tx
    .update(bulkRuns)
    .set({ status: "done", finishedAt: sql`app_now()` })
    .where(and(eq(bulkRuns.id, id), eq(bulkRuns.status, "running"), sql`not ${open}`))
    .returning({ id: bulkRuns.id });
  return rows.length > 0;
}

export type StaffPerson = { id: string; name: string | null; email: string; role: Role };

/** A person of staff as they are now. Null: not of staff, disabled, or gone. */
export async function findStaffPerson(db: Executor, id: string): Promise<StaffPerson | null> {
  const [row] = await db
    .select({ id: users.id, name: users.name, email: users.email, role: memberships.role })
    .from(users)
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .where(and(eq(users.id, id), sql`${memberships.merchantId} is null`, sql`${users.disabledAt} is null`));
  return row ?? null;
}

/** What was done stays in the connections' own stories. */
export async function forgetRuns(db: Executor): Promise<void> {
  await db.execute(sql`delete from bulk_runs where status <> 'running' and finished_at <= app_now() - interval '90 days'`);
}
