import { and, asc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { type AlertKind, alerts } from "./schema";

export type Alert = typeof alerts.$inferSelect;
export type AlertFacts = Alert["facts"];

/** The open ones, the oldest first. */
export async function openAlerts(db: Executor): Promise<Alert[]> {
  return db.select().from(alerts).where(isNull(alerts.closedAt)).orderBy(asc(alerts.openedAt), asc(alerts.id));
}

/** The new alert, or null where this cause has an open one. */
export async function openAlert(tx: Tx, alert: { kind: AlertKind; cause: string; facts: AlertFacts }): Promise<Alert | null> {
  const [row] = await tx
    .insert(alerts)
    .values({ id: newId("alr"), ...alert })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** What is known of it now; it is here, so it is not on its way out. */
export async function noteAlert(db: Executor, id: string, facts: AlertFacts): Promise<void> {
  await db
    .update(alerts)
    .set({ facts })
    .where(and(eq(alerts.id, id), isNull(alerts.closedAt), sql`${alerts.facts} is distinct from ${JSON.stringify(facts)}::jsonb`));
}

/** Its cause is not seen any more, from now on. */
export async function noteGone(db: Executor, id: string): Promise<void> {
  await db
    .update(alerts)
    .set({ facts: sql`${alerts.facts} || jsonb_build_object('goneAt', app_now())` })
    .where(and(eq(alerts.id, id), isNull(alerts.closedAt), sql`${alerts.facts}->>'goneAt' is null`));
}

/** The alert as it ended, or null where somebody else closed it or it has not been gone for `afterS` seconds. */
export async function closeAlert(tx: Tx, id: string, afterS: number): Promise<Alert | null> {
  const gone = sql`(${alerts.facts}->>'goneAt')::timestamptz <= app_now() - make_interval(secs => ${afterS})`;
  const [row] = await tx
    .update(alerts)
    .set({ closedAt: sql`app_now()`, facts: sql`${alerts.facts} - 'goneAt'` })
    .where(and(eq(alerts.id, id), isNull(alerts.closedAt), afterS > 0 ? gone : undefined))
    .returning();
  return row ?? null;
}

/** Those that ended a quarter of a year ago. */
export async function forgetAlerts(db: Executor): Promise<void> {
  await db.delete(alerts).where(lt(alerts.closedAt, sql`app_now() - interval '90 days'`));
}
