import { sql } from "drizzle-orm";
import type { Executor } from "./client";

export type Counted = { keyId: string; connectionId: string; n: number };

/** Deleted at once, so that a round stays short. */
const BATCH = 20_000;

/**
 * Adds to what all processes have counted in this minute, and tells of `keyIds` that they were used. One statement: an answer that is lost on
 * its way counts twice what was counted since the last one.
 */
export async function addHandOuts(db: Executor, counted: readonly Counted[], keyIds: readonly string[]): Promise<void> {
  // Another process that tells of the same key at this moment says the same.
  await db.execute(sql`
    with used as (
      select id from api_keys where id in (select jsonb_array_elements_text(${JSON.stringify(keyIds)}::jsonb))
      order by id for no key update skip locked),
    noted as (update api_keys set last_used_at = app_now() from used where api_keys.id = used.id)
    insert into hand_outs (connection_id, key_id, minute, n)
    select "connectionId", "keyId", date_bin('1 minute', app_now(), 'epoch'), n
    from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as counted ("connectionId" text, "keyId" text, n int)
    order by 1, 2
    on conflict (connection_id, key_id, minute) do update set n = hand_outs.n + excluded.n`);
}

export async function forgetHandOuts(db: Executor): Promise<void> {
  await db.execute(sql`
    delete from hand_outs where ctid = any (array(
      select ctid from hand_outs where minute < app_now() - interval '90 days' limit ${BATCH}))`);
}
