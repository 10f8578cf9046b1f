import { eq, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { offerPauses } from "./offer-tables";

export type Pause = typeof offerPauses.$inferSelect;

/** Part of a statement: whether an admin holds this offer back just now. It asks of no row, so that it is decided before any is looked at. */
export const heldBack = (offer: string) => sql`exists (select from offer_pauses where offer = ${offer}::text and until > app_now())`;

export async function isHeldBack(db: Executor, slug: string): Promise<boolean> {
  const found = await db.execute<{ held: boolean }>(sql`select ${heldBack(slug)} as held`);
  return found.rows[0]?.held ?? false;
}

export async function findPause(db: Executor, slug: string): Promise<Pause | null> {
  const [row] = await db.select().from(offerPauses).where(eq(offerPauses.offer, slug));
  return row ?? null;
}

export type NewPause = { offer: string; reason: string; hours: number; pausedBy: string };

/** Resolves to when it ends by itself. */
export async function setPause(tx: Tx, { hours, ...pause }: NewPause): Promise<Date> {
  const until = sql`app_now() + make_interval(secs => ${hours * 3_600})`;
  const changed = { ...pause, until, pausedAt: sql`app_now()` };
  const [row] = await tx
    .insert(offerPauses)
    .values(changed)
    .onConflictDoUpdate({ target: offerPauses.offer, set: changed })
    .returning({ until: offerPauses.until });
  if (!row) throw new Error("A pause could not be written.");
  return row.until;
}

/** The pause as it was; null: there was none, or it had ended by itself. */
export async function removePause(tx: Tx, slug: string): Promise<Pause | null> {
  const [row] = await tx.delete(offerPauses).where(eq(offerPauses.offer, slug)).returning();
  return row ?? null;
}

export async function forgetPauses(db: Executor): Promise<void> {
  await db.execute(sql`delete from offer_pauses where until < app_now() - interval '1 minute'`);
}

const DOUBTED = 5_000;

/**
 * The states that were worked out under a pause, or in spite of one, are to be worked out anew: those that are called late, and those that hold
 * at most until `until`. Some thousand at a time.
 */
export async function doubtPausedStates(db: Executor, slug: string, until: Date): Promise<void> {
  while ((await doubtLate(db, slug)) === DOUBTED);
  // From one moment to the next, so that a state that is worked out meanwhile and holds as long as before is not met again.
  for (let at: string | undefined = "epoch"; at; ) at = await doubtAfter(db, slug, at, until);
}

async function doubtLate(db: Executor, slug: string): Promise<number> {
  const done = await db.execute(sql`
    update connections set state_changes_at = 'epoch' where id in (
      select id from connections
      where offer = ${slug} and state = 'renewal_late' and state_changes_at is distinct from 'epoch' limit ${DOUBTED})`);
  return done.rowCount ?? 0;
}

/** Resolves to the last moment that was met; undefined: there are no more. */
async function doubtAfter(db: Executor, slug: string, at: string, until: Date): Promise<string | undefined> {
  const found = await db.execute<{ last: string | null }>(sql`
    with met as (
      select id, state_changes_at as at from connections
      where offer = ${slug} and state is not null and state_changes_at > ${at}::timestamptz
        and state_changes_at <= ${until.toISOString()}::timestamptz
      order by state_changes_at fetch first ${DOUBTED} rows with ties
    ), done as (update connections set state_changes_at = 'epoch' from met where connections.id = met.id)
    select max(at)::text as last from met`);
  return found.rows[0]?.last ?? undefined;
}
