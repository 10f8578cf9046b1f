import { sql } from "drizzle-orm";
import type { Tx } from "./client";

/**
 * Gives the events that were committed until now their places, `limit` of them at the most, one batch after the other over all processes: what
 * is told of in this order is never preceded by something later. Resolves to how many got one.
 */
export async function sealEvents(tx: Tx, limit: number): Promise<number> {
  await tx.execute(sql`insert into event_sealer (id) values (1) on conflict (id) do update set id = 1`);
  // A statement of its own: what it sees is newer than the lock.
  const sealed = await tx.execute(sql`
    with taken as (
      delete from unsealed_events where event_id in (select event_id from unsealed_events order by event_id limit ${limit})
      returning event_id)
    insert into event_seals (event_id) select event_id from taken order by event_id`);
  return sealed.rowCount ?? 0;
}
