import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { invitations, merchants, type Role } from "./schema";

export type InvitationRow = typeof invitations.$inferSelect;
export type NewInvitation = { email: string; role: Role; merchantId: string | null; invitedBy: string };

const pending = () => and(isNull(invitations.acceptedAt), sql`${invitations.expiresAt} > app_now()`);

export async function insertInvitation(tx: Tx, invitation: NewInvitation, days: number): Promise<InvitationRow> {
  const [row] = await tx
    .insert(invitations)
    .values({ id: newId("inv"), ...invitation, expiresAt: sql`app_now() + make_interval(days => ${days})` })
    .returning();
  if (!row) throw new Error("An inserted invitation was not returned.");
  return row;
}

/** The invitations that this e-mail may still accept. */
export async function pendingInvitationsFor(db: Executor, email: string): Promise<InvitationRow[]> {
  return db
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email), pending()))
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
}

/** The newest first; of one merchant, where one is named. */
export async function listPendingInvitations(
  db: Executor,
  merchantId: string | null,
  limit: number,
): Promise<(InvitationRow & { merchantName: string | null })[]> {
  const rows = await db
    .select({ invitation: invitations, merchantName: merchants.name })
    .from(invitations)
    .leftJoin(merchants, eq(merchants.id, invitations.merchantId))
    .where(and(pending(), merchantId === null ? undefined : eq(invitations.merchantId, merchantId)))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(limit);
  return rows.map(({ invitation, merchantName }) => ({ ...invitation, merchantName }));
}

export async function acceptInvitation(tx: Tx, id: string, userId: string): Promise<boolean> {
  const rows = await tx
    .update(invitations)
    .set({ acceptedAt: sql`app_now()`, acceptedBy: userId })
    .where(and(eq(invitations.id, id), pending()))
    .returning({ id: invitations.id });
  return rows.length > 0;
}

/** The invitation that was taken back, or null when it was no longer pending. */
export async function deleteInvitation(tx: Tx, id: string): Promise<InvitationRow | null> {
  const [row] = await tx
    .delete(invitations)
    .where(and(eq(invitations.id, id), pending()))
    .returning();
  return row ?? null;
}
