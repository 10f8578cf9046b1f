import { sql } from "drizzle-orm";
import type { Executor } from "./client";

export type Counted = { offer: string; count: number };

const day = (moment: ReturnType<typeof sql>) => sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD')`;

/** By platform, the connections that began to need a reconnect today (UTC). */
export async function begunToNeedReconnect(db: Executor): Promise<(Counted & { day: string })[]> {
  const found = await db.execute<Counted & { day: string }>(sql`
    select offer, count(*)::int as count, ${day(sql`app_now()`)} as day from connections
    where state = 'needs_reconnect' and state_since >= date_trunc('day', app_now() at time zone 'UTC') at time zone 'UTC'
    group by offer`);
  return found.rows;
}

/** By platform, the connections that began to need a reconnect within so many minutes until now. */
export async function newlyNeedReconnect(db: Executor, withinMinutes: number): Promise<Counted[]> {
  const found = await db.execute<Counted>(sql`
    select offer, count(*)::int as count from connections
    where state = 'needs_reconnect' and state_since > app_now() - make_interval(mins => ${withinMinutes})
    group by offer`);
  return found.rows;
}

/**
 * By platform and day (UTC), the live connections that within so many days can be mended by their owners alone. What renews by itself and
 * does so in time is not among them: its last moment moves on with it.
 */
export async function endingForGood(db: Executor, withinDays: number): Promise<(Counted & { day: string; daysLeft: number })[]> {
  const found = await db.execute<Counted & { day: string; daysLeft: number }>(sql`
    select offer, ${day(sql`no_return_at`)} as day, count(*)::int as count,
      (extract(epoch from min(no_return_at) - app_now()) / 86400)::float8 as "daysLeft"
    from connections
    where no_return_at > app_now() and no_return_at <= app_now() + make_interval(days => ${withinDays}) and status = 'active'
      and (next_refresh_at is null or state in ('expired_renewable', 'refresh_failing', 'renewal_late', 'expiring_soon'))
    group by 1, 2`);
  return found.rows;
}

/** By platform, the connections whose renewal is late; not where the platform refuses our client, which is told already. */
export async function renewedLate(db: Executor): Promise<Counted[]> {
  const found = await db.execute<Counted>(sql`
    select offer, sum(n)::int as count from state_tallies
    where state = 'renewal_late' and not exists (select from incidents where incidents.offer = state_tallies.offer and closed_at is null)
    group by offer having sum(n) > 0`);
  return found.rows;
}
