import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** `taken` of a key's second after the own part of it was added, and how long that second still is. */
export type Taken = { taken: number; leftMs: number };

/** A clock that went back so little is one that two processes read at the turn of a second. */
const TURN_S = 5;

/** Takes `n` requests of the second that it is now by the database's clock. More than a key has may be taken: the caller looks at `taken`. */
export async function takeOfSecond(db: Executor, keyId: string, n: number): Promise<Taken> {
  const found = await db.execute<Taken>(sql`
    with clock as (select extract(epoch from app_now()) as s)
    insert into api_budgets (key_id, second, taken) select ${keyId}, floor(s)::bigint, ${n}::int from clock
    on conflict (key_id) do update set
      second = case when api_budgets.second - excluded.second between 0 and ${TURN_S} then api_budgets.second else excluded.second end,
      taken = excluded.taken + case when api_budgets.second - excluded.second between 0 and ${TURN_S} then api_budgets.taken else 0 end
    returning taken, (select 1000 - (s - floor(s)) * 1000 from clock)::float8 as "leftMs"`);
  const [row] = found.rows;
  if (!row) throw new Error("A budget was not returned.");
  return row;
}

/** Of keys that nobody has used for a day. */
export async function forgetBudgets(db: Executor): Promise<void> {
  await db.execute(sql`delete from api_budgets where second < extract(epoch from app_now())::bigint - 86400`);
}
