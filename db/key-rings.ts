import { eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { keyRings } from "./rotation-tables";

export type KeyRing = Pick<typeof keyRings.$inferSelect, "id" | "kind" | "keyIds">;
export type Sealings = { keyId: string; n: number };

/** Whoever has said nothing for so long is gone: a process that is killed cannot take back what it said. */
const LIVING_S = 60;

/** Tells which keys a process holds. */
export async function tellRing(db: Executor, { id, kind, keyIds }: KeyRing): Promise<void> {
  await db
    .insert(keyRings)
    .values({ id, kind, keyIds })
    .onConflictDoUpdate({ target: keyRings.id, set: { keyIds, seenAt: sql`app_now()` } });
}

/** Adds to what each key has sealed in all processes. An answer that is lost on its way counts twice. */
export async function addSealings(db: Executor, sealings: readonly Sealings[]): Promise<void> {
  await db.execute(sql`
    with held as (
      select key_id, n from key_checks
      join jsonb_to_recordset(${JSON.stringify(sealings)}::jsonb) as told ("keyId" text, n bigint) on key_id = "keyId"
      order by key_id for no key update of key_checks)
    update key_checks set sealings = sealings + n from held where key_checks.key_id = held.key_id`);
}

export async function endRing(db: Executor, id: string): Promise<void> {
  await db.delete(keyRings).where(eq(keyRings.id, id));
}

/** Of the processes that live, as far as they have told. */
export async function livingRings(db: Executor): Promise<KeyRing[]> {
  const { id, kind, keyIds, startedAt, seenAt } = keyRings;
  return db
    .select({ id, kind, keyIds })
    .from(keyRings)
    .where(sql`${seenAt} > app_now() - make_interval(secs => ${LIVING_S})`)
    .orderBy(startedAt, id);
}

export async function forgetRings(db: Executor): Promise<void> {
  await db.execute(sql`delete from key_rings where seen_at < app_now() - interval '1 hour'`);
}
