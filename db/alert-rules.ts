import { and, eq, isNull, ne, or } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { alertDestinations, alertRules } from "./schema";

export type AlertRule = Pick<typeof alertRules.$inferSelect, "kind" | "destinationId" | "threshold" | "windowMinutes" | "enabled">;
/** A rule that is on, with the destination that it tells. */
export type ActiveRule = AlertRule & Pick<typeof alertDestinations.$inferSelect, "address" | "locale"> & { channel: "email" | "webhook" };

export async function listRules(db: Executor): Promise<AlertRule[]> {
  const { kind, destinationId, threshold, windowMinutes, enabled } = alertRules;
  return db.select({ kind, destinationId, threshold, windowMinutes, enabled }).from(alertRules);
}

export async function activeRules(db: Executor): Promise<ActiveRule[]> {
  const { kind, destinationId, threshold, windowMinutes, enabled } = alertRules;
  const { address, locale, kind: channel } = alertDestinations;
  return db
    .select({ kind, destinationId, threshold, windowMinutes, enabled, address, locale, channel })
    .from(alertRules)
    .innerJoin(alertDestinations, eq(alertDestinations.id, destinationId))
    .where(and(eq(enabled, true), isNull(alertDestinations.disabledAt), ne(address, "")));
}

/** False: it is as it was. */
export async function setRule(tx: Tx, { kind, destinationId, threshold, windowMinutes, enabled }: AlertRule): Promise<boolean> {
  const rows = await tx
    .insert(alertRules)
    .values({ id: newId("rul"), kind, destinationId, threshold, windowMinutes, enabled })
    .onConflictDoUpdate({
      target: [alertRules.kind, alertRules.destinationId],
      set: { threshold, windowMinutes, enabled },
      setWhere: or(ne(alertRules.threshold, threshold), ne(alertRules.windowMinutes, windowMinutes), ne(alertRules.enabled, enabled)),
    })
    .returning({ id: alertRules.id });
  return rows.length > 0;
}

export async function deleteRules(tx: Tx, destinationId: string): Promise<void> {
  await tx.delete(alertRules).where(eq(alertRules.destinationId, destinationId));
}
