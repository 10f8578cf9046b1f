import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** The offers, given with their gates, at which nothing can be done now: their gate is paused, or their client is refused. */
export async function closedOffers(db: Executor, gates: ReadonlyMap<string, string>): Promise<Set<string>> {
  const given = JSON.stringify([...gates].map(([offer, gate]) => ({ offer, gate })));
  const found = await db.execute<{ offer: string }>(sql`
    select offer from jsonb_to_recordset(${given}::jsonb) as given (offer text, gate text)
    where exists (select from gates where name = given.gate and paused_until > app_now())
      or exists (select from incidents where incidents.offer = given.offer and closed_at is null)`);
  return new Set(found.rows.map(({ offer }) => offer));
}
