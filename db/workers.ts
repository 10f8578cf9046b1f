import { desc, lt, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { workers } from "./schema";

export type WorkerKind = (typeof workers.$inferSelect)["kind"];

/** A process that does background work says that it has just done some. */
export async function beat(db: Executor, id: string, kind: WorkerKind): Promise<void> {
  await db
    .insert(workers)
    .values({ id, kind })
    .onConflictDoUpdate({ target: workers.id, set: { seenAt: sql`app_now()` } });
}

/** Seconds since any process has done a round of background work; null: none ever has. */
export async function silentForS(db: Executor): Promise<number | null> {
  const found = await db.execute<{ s: number | null }>(sql`select extract(epoch from app_now() - max(seen_at))::float8 as s from workers`);
  const s = found.rows[0]?.s ?? null;
  return s === null ? null : Math.max(0, Math.round(s));
}

/** Who was last to do such a round, and how many seconds ago; null: nobody ever was. */
export async function lastBeat(db: Executor): Promise<{ kind: WorkerKind; agoS: number } | null> {
  const agoS = sql<number>`greatest(extract(epoch from app_now() - ${workers.seenAt}), 0)::float8`;
  const [row] = await db.select({ kind: workers.kind, agoS }).from(workers).orderBy(desc(workers.seenAt)).limit(1);
  return row ?? null;
}

/** Processes seen within the last two minutes, the newest first. */
export async function liveWorkers(db: Executor): Promise<(typeof workers.$inferSelect)[]> {
  return db.select().from(workers).where(sql`${workers.seenAt} > app_now() - interval '2 minutes'`).orderBy(sql`${workers.seenAt} desc`);
}

/** Those not seen for a day are forgotten, the last of all kept, so that it is known since when nobody works. */
export async function forgetWorkers(db: Executor): Promise<void> {
  await db.delete(workers).where(lt(workers.seenAt, sql`least(app_now() - interval '1 day', (select max(seen_at) from workers))`));
}

/** How many seconds the database's server is ahead of this process, by its own clock and not by one that was moved. */
export async function clockSkewS(db: Executor): Promise<number> {
  const before = Date.now();
  const found = await db.execute<{ s: number }>(sql`select extract(epoch from app_now() - ahead)::float8 as s from clock`);
  // The statement began somewhere between the two.
  return (found.rows[0]?.s ?? 0) - (before + Date.now()) / 2_000;
}
