import { sql } from "drizzle-orm";
import type { Executor } from "./client";

export type Work = { rounds: number; renewals: number };

/** Adds what a process did to what all of them did in this minute. */
export async function addWork(db: Executor, { rounds, renewals }: Work): Promise<void> {
  await db.execute(sql`
    insert into work_minutes (minute, what, n)
    select date_bin('1 minute', app_now(), 'epoch'), what, n from (values ('renewals', ${renewals}::int), ('rounds', ${rounds}::int)) as done (what, n)
    where n > 0
    on conflict (minute, what) do update set n = work_minutes.n + excluded.n`);
}

/** What was done in the last so many full minutes, over all processes. */
export async function workWithin(db: Executor, minutes: number): Promise<Work> {
  const found = await db.execute<{ what: keyof Work; n: number }>(sql`
    select what, sum(n)::int as n from work_minutes
    where minute >= date_bin('1 minute', app_now(), 'epoch') - make_interval(mins => ${minutes}) and minute < date_bin('1 minute', app_now(), 'epoch')
    group by what`);
  return { rounds: 0, renewals: 0, ...Object.fromEntries(found.rows.map(({ what, n }) => [what, n])) };
}

export async function forgetWork(db: Executor): Promise<void> {
  await db.execute(sql`delete from work_minutes where minute < app_now() - interval '1 day'`);
}
