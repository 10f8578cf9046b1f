import { sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { Renews } from "./health-tables";

export type HourKind = "runs_out" | "due";
/** `part`: which of the spans between the bounds, from 0. */
export type HourSum = { part: number; offer: string; renews: Renews; n: number };

/**
 * How many connections' access runs out (or renewals are due) between each two of the bounds, which are whole hours in their order. Adds up
 * what is tallied and what changed since, in one look, and reads no connection.
 */
export async function sumHours(db: Executor, kind: HourKind, bounds: readonly Date[]): Promise<HourSum[]> {
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (!first || !last) return [];
  const changed = kind === "runs_out" ? sql`runs_out` : sql`due`;
  const within = sql`>= ${first.toISOString()}::timestamptz`;
  const before = sql`< ${last.toISOString()}::timestamptz`;
  const found = await db.execute<HourSum>(sql`
    select width_bucket(hour, (select array_agg(bound::timestamptz order by bound::timestamptz)
        from jsonb_array_elements_text(${JSON.stringify(bounds)}::jsonb) as given (bound))) - 1 as part,
      offer, renews, sum(n)::int as n
    from (
      select hour, offer, renews, n from hour_tallies where kind = ${kind} and hour ${within} and hour ${before}
      union all
      select ${changed}, offer, renews, n from hour_changes where ${changed} ${within} and ${changed} ${before}) told
    group by 1, 2, 3 having sum(n) <> 0`);
  return found.rows;
}

/** Adds what changed to the tallies. What another process is adding is left to it; all go through the tallies in one order. */
export async function addUpHours(db: Executor): Promise<void> {
  await db.execute(sql`
    with gone as (
      delete from hour_changes where id in (select id from hour_changes order by id limit 20000 for update skip locked)
      returning offer, renews, runs_out, due, n)
    insert into hour_tallies (kind, hour, offer, renews, n)
    select kind, hour, offer, renews, sum(n) from gone, lateral (values ('runs_out', runs_out), ('due', due)) as side (kind, hour)
    where hour is not null
    group by kind, hour, offer, renews having sum(n) <> 0
    order by kind, hour, offer, renews
    on conflict (kind, hour, offer, renews) do update set n = hour_tallies.n + excluded.n`);
}

/** Hours that nobody is left in. */
export async function forgetEmptyHours(db: Executor): Promise<void> {
  await db.execute(sql`
    delete from hour_tallies t using (select kind, hour, offer, renews from hour_tallies where n = 0 for update skip locked) empty
    where (t.kind, t.hour, t.offer, t.renews) = (empty.kind, empty.hour, empty.offer, empty.renews) and t.n = 0`);
}

/** The first hour from this one on in which a planned renewal would be missed, by offer: access runs out then. */
export async function firstHours(db: Executor): Promise<Map<string, Date>> {
  const found = await db.execute<{ offer: string; hour: Date | string }>(sql`
    select offer, min(hour) as hour from (
      select offer, hour from (
        select offer, hour, n from hour_tallies where kind = 'runs_out' and renews = 'planned' and hour >= hour_of(app_now())
        union all select offer, runs_out, n from hour_changes where renews = 'planned' and runs_out >= hour_of(app_now())) told
      group by offer, hour having sum(n) > 0) filled
    group by offer`);
  return new Map(found.rows.map(({ offer, hour }) => [offer, new Date(hour)]));
}
