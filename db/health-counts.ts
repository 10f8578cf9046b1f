import { sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { HealthState } from "./schema";

/** `cause`: its trouble's code; null: none. `state` null: of those, only how many are `behind`, their state yet to be worked out anew. */
export type KindCount = { offer: string; environment: string; state: HealthState | null; cause: string | null; n: number; behind: number };

/** How many connections there are of each kind, by what is stored and still holds. Adds up tallies and the rows that are behind, and no others. */
export async function countKinds(db: Executor): Promise<KindCount[]> {
  const found = await db.execute<KindCount>(sql`
    with late as (
      select offer, environment, state, trouble_code as cause, count(*)::int as n from connections
      where state_changes_at <= app_now() group by 1, 2, 3, 4)
    select offer, environment, state, cause, sum(n)::int as n, sum(behind)::int as behind from (
      select offer, environment, state, cause, sum(n) as n, 0 as behind from state_tallies group by 1, 2, 3, 4
      union all select offer, environment, state, cause, case when state is null then 0 else -n end, n from late) parts
    group by 1, 2, 3, 4 having sum(n) <> 0 or sum(behind) <> 0`);
  return found.rows;
}

/** Some connections of one kind. */
export type KindAsked = { offer: string; environment: string; state: HealthState; cause: string };
export type Sample = { id: string; cause: string; offer: string; name: string | null; merchantName: string };

/** Up to three connections of each kind, by the index on kinds. */
export async function someOfKinds(db: Executor, kinds: readonly KindAsked[]): Promise<Sample[]> {
  if (kinds.length === 0) return [];
  const found = await db.execute<Sample>(sql`
    select c.id, asked.cause, asked.offer, coalesce(c.label, c.account_label, c.account_id) as name, m.name as "merchantName"
    from jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb) as asked (offer text, environment text, state text, cause text),
      lateral (select * from connections where state is not null and offer = asked.offer and environment = asked.environment
        and state = asked.state and trouble_code = asked.cause limit 3) c
      join merchants m on m.id = c.merchant_id`);
  return found.rows;
}

/** Notes how many connections have each cause now, once an hour. */
export async function noteCauses(db: Executor, states: readonly HealthState[]): Promise<void> {
  await db.execute(sql`
    insert into cause_hours (hour, cause, n)
    select hour_of(app_now()), cause, sum(n) from (
      select '' as cause, 0 as n
      union all select cause, n from state_tallies where cause is not null and state in ${[...states]}) told
    where not exists (select from cause_hours where hour = hour_of(app_now()))
    group by cause having sum(n) > 0 or cause = ''
    on conflict do nothing`);
}

/** How many connections had each cause a day ago; null: nobody counted then. */
export async function causesADayAgo(db: Executor): Promise<Map<string, number> | null> {
  const found = await db.execute<{ cause: string; n: number }>(sql`
    select cause, n from cause_hours where hour = (
      select max(hour) from cause_hours where hour <= app_now() - interval '1 day' and hour > app_now() - interval '30 hours')`);
  if (found.rows.length === 0) return null;
  return new Map(found.rows.filter(({ cause }) => cause !== "").map(({ cause, n }) => [cause, n]));
}

export async function forgetCauses(db: Executor): Promise<void> {
  await db.execute(sql`delete from cause_hours where hour < app_now() - interval '3 days'`);
}
