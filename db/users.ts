import { and, eq, isNull, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { accounts, users } from "./schema";

export type UserRow = typeof users.$inferSelect;

export async function findUser(db: Executor, id: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  return row ?? null;
}

export async function findUserByEmail(db: Executor, email: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.email, email));
  return row ?? null;
}

export async function findUserByAccount(db: Executor, provider: string, subject: string): Promise<UserRow | null> {
  const [row] = await db
    .select({ user: users })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(and(eq(accounts.provider, provider), eq(accounts.subject, subject)));
  return row?.user ?? null;
}

export async function anyUser(db: Executor): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).limit(1);
  return rows.length > 0;
}

/** Until this transaction ends nobody else adds a user. */
export async function lockUsers(tx: Tx): Promise<void> {
  await tx.execute(sql`lock table ${users} in share row exclusive mode`);
}

/** Until this transaction ends nobody else admits a person with this e-mail. */
export async function lockEmail(tx: Tx, email: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${email}, 20010))`);
}

/** A user whose e-mail was proven. */
export async function insertUser(tx: Tx, user: { email: string; name: string | null }): Promise<UserRow> {
  const [row] = await tx
    .insert(users)
    .values({ id: newId("usr"), ...user, emailVerified: sql`app_now()` })
    .returning();
  if (!row) throw new Error("An inserted user was not returned.");
  return row;
}

export async function insertAccount(tx: Tx, account: { provider: string; subject: string; type: string; userId: string }): Promise<void> {
  await tx.insert(accounts).values(account).onConflictDoNothing();
}

/** False when it was already so. */
export async function setDisabled(tx: Tx, id: string, disabled: boolean): Promise<boolean> {
  const rows = await tx
    .update(users)
    .set({ disabledAt: disabled ? sql`app_now()` : null })
    .where(and(eq(users.id, id), disabled ? isNull(users.disabledAt) : sql`disabled_at is not null`))
    .returning({ id: users.id });
  return rows.length > 0;
}

/** The language that mails to this person are written in. */
export async function setLocale(db: Executor, id: string, locale: string): Promise<void> {
  await db.update(users).set({ locale }).where(eq(users.id, id));
}

/** For a person of whom none is known yet. */
export async function setFirstLocale(db: Executor, id: string, locale: string): Promise<void> {
  await db
    .update(users)
    .set({ locale })
    .where(and(eq(users.id, id), isNull(users.locale)));
}

/** Whether this person gets mails of that kind from now on. False when it was already so. */
export async function setUnsubscribed(tx: Tx, id: string, kind: string, unsubscribed: boolean): Promise<boolean> {
  const has = sql`${kind} = any(${users.unsubscribed})`;
  const rows = await tx
    .update(users)
    .set({
      unsubscribed: unsubscribed ? sql`array_append(${users.unsubscribed}, ${kind})` : sql`array_remove(${users.unsubscribed}, ${kind})`,
    })
    .where(and(eq(users.id, id), unsubscribed ? sql`not ${has}` : has))
    .returning({ id: users.id });
  return rows.length > 0;
}
