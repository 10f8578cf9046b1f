import { sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { HealthState } from "./schema";

/** `n` is counted up to the limit that was asked for; `oldestS`: for how many seconds the one due the longest has been, null: none is. */
export type DueRenewals = { offer: string; n: number; oldestS: number | null };

/** How many renewals are due at each of these offers. Reads due rows only, from the one due the longest, and no more than `most` of an offer's. */
export async function dueByOffer(db: Executor, offers: readonly string[], most: number): Promise<DueRenewals[]> {
  const found = await db.execute<DueRenewals>(sql`
    select offers.slug as offer, due.n, due."oldestS"
    from jsonb_array_elements_text(${JSON.stringify(offers)}::jsonb) as offers (slug), lateral (
      select count(*)::int as n, extract(epoch from app_now() - min(next_refresh_at))::float8 as "oldestS"
      from (
        select next_refresh_at from connections
        where offer = offers.slug and status = 'active' and next_refresh_at <= app_now()
        order by next_refresh_at limit ${most}) first) due`);
  return found.rows;
}

/** How many connections are in each state as it was last worked out. */
export async function sumTallies(db: Executor): Promise<Map<HealthState, number>> {
  const found = await db.execute<{ state: HealthState; n: number }>(sql`select state, sum(n)::int as n from state_tallies group by state`);
  return new Map(found.rows.map(({ state, n }) => [state, n]));
}

export type Waiting = { states: number; notices: number; deliveries: number };

/** What waits for a worker: states to be worked out anew, platforms' notices and our own messages. Each is counted up to `most`. */
export async function countWaiting(db: Executor, most: number): Promise<Waiting> {
  const found = await db.execute<Waiting>(sql`
    select
      (select count(*)::int from (select from connections where state_changes_at <= app_now() limit ${most}) one) as states,
      (select count(*)::int from (select from notices where done_at is null limit ${most}) one) as notices,
      (select count(*)::int from (select from deliveries where status = 'pending' limit ${most}) one) as deliveries`);
  return found.rows[0] ?? { states: 0, notices: 0, deliveries: 0 };
}
