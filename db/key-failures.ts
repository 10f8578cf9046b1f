import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** How often it was in this minute, and how long that one still is. */
export type Failed = { who: string; n: number; leftS: number };

/** Counts one more failure of each, in one statement. */
export async function addKeyFailures(db: Executor, whos: readonly string[]): Promise<Failed[]> {
  const found = await db.execute<Failed>(sql`
    with clock as (select extract(epoch from app_now()) as s)
    insert into key_failures (who, minute, n)
    select who, floor(s / 60)::bigint, 1 from clock, jsonb_array_elements_text(${JSON.stringify(whos)}::jsonb) as who order by who
    on conflict (who) do update set
      minute = excluded.minute, n = 1 + case when key_failures.minute = excluded.minute then key_failures.n else 0 end
    returning who, n, (select 60 - (s - floor(s / 60) * 60) from clock)::float8 as "leftS"`);
  return found.rows;
}

export async function forgetKeyFailures(db: Executor): Promise<void> {
  await db.execute(sql`delete from key_failures where minute < floor(extract(epoch from app_now()) / 60) - 10`);
}
