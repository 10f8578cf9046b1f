import { and, eq, isNull, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { connections, grants } from "./schema";

/** Kept grants whose connection has renewed itself with its own since, well after they came in, and is in no trouble. */
export async function supersededGrants(
  db: Executor,
  limit: number,
): Promise<Pick<typeof grants.$inferSelect, "id" | "connectionId" | "merchantId" | "epoch">[]> {
  return db
    .select({ id: grants.id, connectionId: grants.connectionId, merchantId: grants.merchantId, epoch: grants.epoch })
    .from(grants)
    .innerJoin(connections, eq(connections.id, grants.connectionId))
    .where(
      and(
        eq(connections.status, "active"),
        isNull(connections.trouble),
        isNull(connections.sentAt),
        sql`${connections.issuedAt} > ${grants.createdAt} + interval '10 minutes'`,
      ),
    )
    .limit(limit);
}
