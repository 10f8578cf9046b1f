import { database } from "@/db/client";
import { listPeople } from "@/db/people";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

/** Whom staff can ask for the admin role. */
export async function nameAdmins(actor: Actor): Promise<string[]> {
  authorize(actor, "support.search");
  const people = await listPeople(database());
  const isAdmin = (one: { merchantId: string | null; role: string }) => one.merchantId === null && one.role === "admin";
  const admins = people.filter(({ disabledAt, memberships }) => disabledAt === null && memberships.some(isAdmin));
  return admins.map(({ name, email }) => name ?? email);
}
