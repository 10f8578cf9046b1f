import { eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { ownSecrets } from "./rotation-tables";
import type { Sealed } from "./sealed";

export async function findOwnSecret(db: Executor, name: string): Promise<Sealed | null> {
  const [row] = await db.select({ value: ownSecrets.value }).from(ownSecrets).where(eq(ownSecrets.name, name));
  return row?.value ?? null;
}

/** Whoever is first decides what it is. */
export async function insertOwnSecret(db: Executor, name: string, value: Sealed): Promise<void> {
  await db.insert(ownSecrets).values({ name, value }).onConflictDoNothing();
}

/** Whether there are shared sessions, which are known by fingerprints. */
export async function anySessions(db: Executor): Promise<boolean> {
  const found = await db.execute<{ there: boolean }>(sql`select exists (select from platform_sessions) as there`);
  return found.rows[0]?.there ?? false;
}
