import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/**
 * The offers, given with their gates, at which nothing is to be done now: their gate is paused, their client is refused, or an admin holds
 * them back.
 */
export async function closedOffers(db: Executor, gates: ReadonlyMap<string, string>): Promise<Set<string>> {
  const given = JSON.stringify([...gates].map(([offer, gate]) => ({ offer, gate })));
  const found = await db.execute<{ offer: string }>(sql`
    select offer from jsonb_to_recordset(${given}::jsonb) as given (offer text, gate text)
    where exists (select from gates where name = given.gate and paused_until > app_now())
      or exists (select from incidents where incidents.offer = given.offer and closed_at is null)
      or exists (select from offer_pauses where offer_pauses.offer = given.offer and until > app_now())`);
  return new Set(found.rows.map(({ offer }) => offer));
}
