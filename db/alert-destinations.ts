import { and, asc, eq, isNotNull, isNull, ne, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { alertDestinations, memberships, users } from "./schema";
import type { Sealed } from "./sealed";

export type Destination = typeof alertDestinations.$inferSelect;

const there = ne(alertDestinations.address, "");
const one = (id: string) => and(eq(alertDestinations.id, id), there);

export const newDestinationId = (): string => newId("dst");

/** Until this transaction ends nobody else adds a destination. */
export async function lockDestinations(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(20011)`);
}

/** Whether there is any, or ever was. */
export async function anyDestination(db: Executor): Promise<boolean> {
  const rows = await db.select({ id: alertDestinations.id }).from(alertDestinations).limit(1);
  return rows.length > 0;
}

export async function listDestinations(db: Executor): Promise<Destination[]> {
  return db.select().from(alertDestinations).where(there).orderBy(asc(alertDestinations.createdAt), asc(alertDestinations.id));
}

export async function findDestination(db: Executor, id: string): Promise<Destination | null> {
  const [row] = await db.select().from(alertDestinations).where(one(id));
  return row ?? null;
}

type New = Pick<Destination, "id" | "kind" | "address" | "locale" | "createdBy"> & { secret?: Sealed };

export async function insertDestination(tx: Tx, destination: New): Promise<void> {
  await tx.insert(alertDestinations).values(destination);
}

/** Its new secret; the one before stays good for a day. */
export async function replaceSecret(tx: Tx, id: string, secret: Sealed, previousSecret: Sealed | null): Promise<boolean> {
  const rows = await tx
    .update(alertDestinations)
    .set({ secret, previousSecret, previousUntil: sql`app_now() + interval '1 day'` })
    .where(one(id))
    .returning({ id: alertDestinations.id });
  return rows.length > 0;
}

/** A secret whose day is over opens nothing any more, so it is not kept. */
export async function forgetPreviousSecrets(db: Executor): Promise<void> {
  await db
    .update(alertDestinations)
    .set({ previousSecret: null, previousUntil: null })
    .where(and(isNotNull(alertDestinations.previousSecret), sql`${alertDestinations.previousUntil} <= app_now()`));
}

/** False where it was so already. */
export async function setDestinationDisabled(tx: Tx, id: string, disabled: boolean): Promise<boolean> {
  const rows = await tx
    .update(alertDestinations)
    .set({ disabledAt: disabled ? sql`app_now()` : null })
    .where(and(one(id), disabled ? isNull(alertDestinations.disabledAt) : isNotNull(alertDestinations.disabledAt)))
    .returning({ id: alertDestinations.id });
  return rows.length > 0;
}

/** Erases where it led and its secrets. */
export async function emptyDestination(tx: Tx, id: string): Promise<void> {
  await tx
    .update(alertDestinations)
    .set({ address: "", secret: null, previousSecret: null, previousUntil: null, disabledAt: sql`app_now()` })
    .where(eq(alertDestinations.id, id));
}

/** Admins who can act. */
export async function listAdmins(db: Executor): Promise<{ id: string; email: string; locale: string | null }[]> {
  return db
    .select({ id: users.id, email: users.email, locale: users.locale })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.role, "admin"), isNull(memberships.merchantId), isNull(users.disabledAt)))
    .orderBy(asc(users.createdAt), asc(users.id));
}

/** Whether a person with that e-mail address is an admin now. */
export async function isAdminsAddress(db: Executor, address: string): Promise<boolean> {
  return (await listAdmins(db)).some(({ email }) => email === address);
}
