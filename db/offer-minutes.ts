import { sql } from "drizzle-orm";
import type { Executor } from "./client";

export type Calls = { offer: string; calls: number; failed: number };

/** Adds to what all processes have counted in this minute. */
export async function addCalls(db: Executor, counted: readonly Calls[]): Promise<void> {
  await db.execute(sql`
    insert into offer_minutes (offer, minute, calls, failed)
    select offer, date_trunc('minute', app_now()), calls, failed
    from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as counted (offer text, calls int, failed int)
    order by offer
    on conflict (offer, minute) do update set calls = offer_minutes.calls + excluded.calls, failed = offer_minutes.failed + excluded.failed`);
}

/** One call that failed says nothing yet. */
const LEAST_FAILED = 2;
const SHARE = 0.2;

/** The offers of whose calls in the last ten minutes a fifth or more failed. */
export async function failingOffers(db: Executor): Promise<string[]> {
  const found = await db.execute<{ offer: string }>(sql`
    select offer from offer_minutes where minute > app_now() - interval '10 minutes'
    group by offer having sum(failed) >= greatest(${LEAST_FAILED}, sum(calls) * ${SHARE}::float8)`);
  return found.rows.map(({ offer }) => offer);
}

export async function forgetMinutes(db: Executor): Promise<void> {
  await db.execute(sql`delete from offer_minutes where minute < app_now() - interval '1 day'`);
}
