import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
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

export type PeopleFilter = {
  /** Part of a name or an e-mail address. */
  text: string | null;
  /** `none`: whoever has no access any more; null: whoever has any. */
  role: Role | "none" | "disabled" | null;
  merchantId: string | null;
};

/** The id of a person, whom the others come after or before. */
export type PeoplePlace = { after: string } | { before: string } | null;

const has = (what: SQL | undefined) => sql`exists (select from ${memberships} where ${memberships.userId} = ${users.id} and ${what})`;
const emailOf = (id: string) => sql`(select email from ${users} held where held.id = ${id})`;

function fits({ text, role, merchantId }: PeopleFilter): SQL | undefined {
  const staff = role === "admin" || role === "support";
  return and(
    text === null
      ? undefined
      : sql`lower(coalesce(${users.name}, '') || ' ' || ${users.email}) like ${`%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`}`,
    merchantId === null ? undefined : has(eq(memberships.merchantId, merchantId)),
    role === "disabled" ? isNotNull(users.disabledAt) : role === "none" ? sql`not ${has(sql`true`)}` : undefined,
    role === "member" ? has(isNotNull(memberships.merchantId)) : undefined,
    staff ? has(and(isNull(memberships.merchantId), eq(memberships.role, role))) : undefined,
    role === null && merchantId === null ? has(sql`true`) : undefined,
  );
}

const columns = {
  id: users.id,
  name: users.name,
  email: users.email,
  disabledAt: users.disabledAt,
  seenAt: sql<Date | null>`(select max(${sessions.seenAt}) from ${sessions} where ${sessions.userId} = ${users.id})`.mapWith(
    sessions.seenAt,
  ),
};

/** By e-mail address. */
export async function listPeople(db: Executor, filter: PeopleFilter, place: PeoplePlace, limit: number): Promise<PersonRow[]> {
  const back = place !== null && "before" in place;
  const beyond = place === null ? undefined : back ? lt(users.email, emailOf(place.before)) : gt(users.email, emailOf(place.after));
  const rows = await db
    .select(columns)
    .from(users)
    .where(and(fits(filter), beyond))
    .orderBy(back ? desc(users.email) : asc(users.email))
    .limit(limit);
  return withMemberships(db, back ? rows.reverse() : rows);
}

export async function findPerson(db: Executor, id: string): Promise<PersonRow | null> {
  const [person] = await withMemberships(db, await db.select(columns).from(users).where(eq(users.id, id)));
  return person ?? null;
}

async function withMemberships(db: Executor, people: Omit<PersonRow, "memberships">[]): Promise<PersonRow[]> {
  if (people.length === 0) return [];
  const ids = people.map(({ id }) => id);
  const rows = await db
    .select({
      userId: memberships.userId,
      role: memberships.role,
      merchantId: memberships.merchantId,
      merchantName: merchants.name,
    })
    .from(memberships)
    .leftJoin(merchants, eq(merchants.id, memberships.merchantId))
    .where(inArray(memberships.userId, ids))
    .orderBy(asc(memberships.createdAt), asc(memberships.id));
  return people.map((person) => ({
    ...person,
    memberships: rows.flatMap(({ userId, ...membership }) => (userId === person.id ? [membership] : [])),
  }));
}

/** What the admins who can act are called, the first of them. */
export async function adminNames(db: Executor, limit: number): Promise<string[]> {
  const rows = await db
    .select({ name: users.name, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.role, "admin"), isNull(memberships.merchantId), isNull(users.disabledAt)))
    .orderBy(asc(users.email))
    .limit(limit);
  return rows.map(({ name, email }) => name ?? email);
}
