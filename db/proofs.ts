import { and, eq, lte, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { heldBack } from "./offer-pauses";
import { connections } from "./schema";

export async function scheduleProof(db: Executor, id: string, waitS: number): Promise<void> {
  await db
    .update(connections)
    .set({ nextProofAt: sql`app_now() + make_interval(secs => ${waitS})` })
    .where(eq(connections.id, id));
}

/** Connections of an offer that are to be proved and that nobody is at, the longest due first. */
export async function dueProofs(db: Executor, offer: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.offer, offer),
        sql`not ${heldBack(offer)}`,
        eq(connections.status, "active"),
        lte(connections.nextProofAt, sql`app_now()`),
        sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,
        sql`${connections.sentAt} is null`,
      ),
    )
    .orderBy(connections.nextProofAt)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * One prover wins. When the next may try, should this one come to nothing, stands at once: after a forty-eighth of the time since the
 * last proof, so ever more rarely, between five minutes and an hour.
 */
export async function claimProof(db: Executor, id: string): Promise<boolean> {
  const sinceS = sql`extract(epoch from app_now() - coalesce(${connections.lastProofAt}, ${connections.connectedAt}, app_now()))`;
  const rows = await db
    .update(connections)
    .set({
      nextProofAt: sql`app_now() + make_interval(secs => greatest(300, least(3600, ${sinceS} / 48 * (0.75 + random() / 2))))`,
    })
    .where(and(eq(connections.id, id), eq(connections.status, "active"), lte(connections.nextProofAt, sql`app_now()`)))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** Live connections that nobody would ever prove, since an earlier version made them, are spread over half a day; those put aside stay so. */
export async function scheduleUnproved(db: Executor, limit: number): Promise<void> {
  await db.execute(sql`
    update connections set next_proof_at = app_now() + random() * interval '12 hours' where id in (
      select id from connections where status = 'active' and next_proof_at is null and trouble_code is distinct from 'quarantined' limit ${limit})`);
}
