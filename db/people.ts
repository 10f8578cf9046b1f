import { asc, eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { memberships, merchants, type Role, sessions, users } from "./schema";

export type PersonRow = {
  id: string;
  name: string | null;
  email: string;
  disabledAt: Date | null;
  /** The newest request of any session that is still there. */
  seenAt: Date | null;
  memberships: { role: Role; merchantId: string | null; merchantName: string | null }[];
};

export async function listPeople(db: Executor): Promise<PersonRow[]> {
  const rows = await db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      disabledAt: users.disabledAt,
      seenAt: sql<Date | null>`(select max(${sessions.seenAt}) from ${sessions} where ${sessions.userId} = ${users.id})`.mapWith(
        sessions.seenAt,
      ),
      role: memberships.role,
      merchantId: memberships.merchantId,
      merchantName: merchants.name,
    })
    .from(users)
    .leftJoin(memberships, eq(memberships.userId, users.id))
    .leftJoin(merchants, eq(merchants.id, memberships.merchantId))
    .orderBy(asc(users.email), asc(memberships.createdAt), asc(memberships.id));
  const people = new Map<string, PersonRow>();
  for (const { role, merchantId, merchantName, ...user } of rows) {
    const person = people.get(user.id) ?? { ...user, memberships: [] };
    if (role) person.memberships.push({ role, merchantId, merchantName });
    people.set(user.id, person);
  }
  return [...people.values()];
}
