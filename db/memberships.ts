import { and, asc, eq, isNull } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { memberships, merchants, type Role, users } from "./schema";

export type MembershipRow = { role: Role; merchantId: string | null; merchantName: string | null };

export async function membershipsOf(db: Executor, userId: string): Promise<MembershipRow[]> {
  return db
    .select({ role: memberships.role, merchantId: memberships.merchantId, merchantName: merchants.name })
    .from(memberships)
    .leftJoin(merchants, eq(merchants.id, memberships.merchantId))
    .where(eq(memberships.userId, userId))
    .orderBy(asc(memberships.createdAt), asc(memberships.id));
}

/** One membership per person and merchant, and one as staff: a second one is dropped. */
export async function insertMembership(tx: Tx, userId: string, role: Role, merchantId: string | null): Promise<void> {
  await tx
    .insert(memberships)
    .values({ id: newId("mem"), userId, role, merchantId })
    .onConflictDoNothing();
}

export async function deleteMemberships(tx: Tx, userId: string): Promise<void> {
  await tx.delete(memberships).where(eq(memberships.userId, userId));
}

/** Takes every membership away and gives this one. */
export async function replaceMemberships(tx: Tx, userId: string, role: Role, merchantId: string | null): Promise<void> {
  await deleteMemberships(tx, userId);
  await insertMembership(tx, userId, role, merchantId);
}

/** The admins who can act, locked: of two changes that would each leave one, the second sees what the first did. */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx
    .select({ id: users.id })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.role, "admin"), isNull(memberships.merchantId), isNull(users.disabledAt)))
    .orderBy(asc(users.id))
    .for("update");
  return rows.map((row) => row.id);
}
