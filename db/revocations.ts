import { and, eq, inArray, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import type { Connection } from "./connections";
import { connections, grants } from "./schema";

/** `here`: only our copy is erased, the platform is not told. */
export type RevokeRequest = { reach: "authorization" | "token" | "here"; reason: string | null; by: string };

/** Serving stops with this commit; a renewal on its way is fenced out. Null: it was not live any more. */
export async function beginRevoking(tx: Tx, id: string, request: RevokeRequest): Promise<Connection | null> {
  const [row] = await tx
    .update(connections)
    .set({
      status: "revoking",
      revokeReach: request.reach,
      revokeReason: request.reason,
      revokedBy: request.by,
      revokeAskedAt: sql`app_now()`,
      revokeTries: 0,
      revokeNextAt: sql`app_now()`,
      epoch: sql`${connections.epoch} + 1`,
      leaseId: null,
      leaseUntil: null,
      sentAt: null,
      updatedAt: sql`app_now()`,
    })
    .where(and(eq(connections.id, id), inArray(connections.status, ["pending", "active", "reconnect"])))
    .returning();
  return row ?? null;
}

/** Claims the telling of the platform. Null: somebody is at it, or it is done. */
export async function claimRevocation(db: Executor, id: string, leaseId: string, leaseS: number): Promise<Connection | null> {
  const [row] = await db
    .update(connections)
    .set({ leaseId, leaseUntil: sql`app_now() + make_interval(secs => ${leaseS})`, revokeTries: sql`${connections.revokeTries} + 1` })
    .where(
      and(
        eq(connections.id, id),
        eq(connections.status, "revoking"),
        sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,
      ),
    )
    .returning();
  return row ?? null;
}

export async function postponeRevocation(
  tx: Tx,
  id: string,
  leaseId: string,
  waitS: number,
  trouble: { trouble: string; code: string; tried: boolean },
): Promise<void> {
  await tx
    .update(connections)
    .set({
      leaseId: null,
      leaseUntil: null,
      revokeNextAt: sql`app_now() + make_interval(secs => ${waitS})`,
      revokeTries: trouble.tried ? connections.revokeTries : sql`${connections.revokeTries} - 1`,
      trouble: trouble.trouble,
      troubleCode: trouble.code,
      troubleAt: sql`app_now()`,
    })
    .where(and(eq(connections.id, id), eq(connections.leaseId, leaseId)));
}

/** The status changes and the secrets are erased in one statement. False: somebody was first. */
export async function finishRevoking(tx: Tx, id: string, confirmed: "remote" | "local" | "sibling"): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({
      status: "revoked",
      access: null,
      renewal: null,
      renewable: false,
      expiresAt: null,
      renewableUntil: null,
      nextRefreshAt: null,
      revokeNextAt: null,
      revokeConfirmed: confirmed,
      revokedAt: sql`app_now()`,
      leaseId: null,
      leaseUntil: null,
      sentAt: null,
      trouble: null,
      troubleCode: null,
      troubleAt: null,
      customerText: null,
      epoch: sql`${connections.epoch} + 1`,
      updatedAt: sql`app_now()`,
    })
    .where(
      and(
        eq(connections.id, id),
        confirmed === "sibling" ? inArray(connections.status, ["pending", "active", "reconnect"]) : eq(connections.status, "revoking"),
      ),
    )
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** Rows that never were connections leave nothing behind but their events, an hour after they ended: a late answer still finds them. */
export async function forgetNeverConnected(db: Executor): Promise<void> {
  await db.execute(sql`
    delete from connections c where c.status = 'revoked' and c.connected_at is null and c.revoked_at <= app_now() - interval '1 hour'
      and not exists (select 1 from grants g where g.connection_id = c.id)`);
}

/** The longest due first. */
export async function dueRevocations(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.status, "revoking"),
        sql`${connections.revokeNextAt} <= app_now()`,
        sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,
      ),
    )
    .orderBy(connections.revokeNextAt)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Revoked connections for which a late renewal still left a grant behind, at least a minute old. */
export async function leftGrants(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: grants.connectionId })
    .from(grants)
    .innerJoin(connections, eq(connections.id, grants.connectionId))
    .where(and(eq(connections.status, "revoked"), sql`coalesce(${grants.nextAt}, ${grants.createdAt} + interval '1 minute') <= app_now()`))
    .limit(limit);
  return rows.map((row) => row.id);
}
