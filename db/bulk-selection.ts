import { type SQL, sql } from "drizzle-orm";
import type { BulkAct, Exclusion } from "./bulk-tables";
import type { Executor, Tx } from "./client";
import { fits, type Narrowing } from "./connection-criteria";

/** Connections chosen one by one, or everything that a list shows; `sure`: but those whose state is in doubt. */
export type Selection = { ids: readonly string[] } | { narrowing: Narrowing; sure: boolean };

/** What may be renewed depends on the platform and on what its grant brought: offers that renew with it, and without. */
export type Possible = { configured: readonly string[]; renewing: readonly string[]; renewingWithout: readonly string[] };

export type Counted = { offer: string; verdict: Exclusion | "fit"; n: number };

function among(selection: Selection): SQL {
  if ("ids" in selection) return sql`c.state is not null and c.id in ${[...selection.ids, ""]}`;
  return selection.sure ? sql`${fits(selection.narrowing)} and (c.state_changes_at <= app_now()) is not true` : fits(selection.narrowing);
}

const list = (texts: readonly string[]) => sql`array[${sql.join([...texts, ""], sql`, `)}]::text[]`;

const verdict = (act: BulkAct, { configured, renewing, renewingWithout }: Possible): SQL => sql`case
  when c.status in ('revoked', 'revoking') then 'revoked'
  ${
    act === "revoke"
      ? sql``
      : sql`when c.status = 'pending' then 'pending'
  when c.offer <> all(${list(configured)}) then 'not_configured'`
  }
  ${
    act === "renew"
      ? sql`when not case when c.renewable then c.offer = any(${list(renewing)})
    else c.offer = any(${list(renewingWithout)}) end then 'nothing_to_renew'`
      : sql``
  }
  else 'fit' end`;

const picked = (act: BulkAct, selection: Selection, possible: Possible, most: number) => sql`
  select c.id as id, c.offer as offer, ${verdict(act, possible)} as verdict
  from connections c
  where ${among(selection)} limit ${most}`;

/** What an act would do with a selection, by platform, counted no further than `most`. */
export async function countSelection(
  db: Executor,
  act: BulkAct,
  selection: Selection,
  possible: Possible,
  most: number,
): Promise<Counted[]> {
  const found = await db.execute<Counted>(sql`
    select offer, verdict, count(*)::int as n from (${picked(act, selection, possible, most)}) picked
    group by offer, verdict order by n desc, offer`);
  return found.rows;
}

/** Fixes a run's items, in one statement and so at one moment; resolves to what was counted then. */
export async function fixSelection(
  tx: Tx,
  runId: string,
  act: BulkAct,
  selection: Selection,
  possible: Possible,
  most: number,
): Promise<Counted[]> {
  const found = await tx.execute<Counted>(sql`
    with picked as materialized (${picked(act, selection, possible, most)}),
    put as (insert into bulk_items (run_id, connection_id, offer) select ${runId}, id, offer from picked where verdict = 'fit')
    select offer, verdict, count(*)::int as n from picked group by offer, verdict order by n desc, offer`);
  return found.rows;
}
