import { and, eq, lte, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { connections } from "./schema";

/** Live connections whose renewal is due and that nobody is at, the longest due first; none of an offer that is paused. */
export async function dueRenewals(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.status, "active"),
        lte(connections.nextRefreshAt, sql`app_now()`),
        sql`(${connections.sentAt} is null or ${connections.sentAt} <= app_now() - interval '2 minutes')`,
        sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,
        sql`not exists (select from incidents where offer = ${connections.offer} and closed_at is null)`,
      ),
    )
    .orderBy(connections.nextRefreshAt)
    .limit(limit);
  return rows.map((row) => row.id);
}
