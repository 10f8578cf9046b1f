import { eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import type { Group } from "./connection-criteria";
import { type FactsRow, facts } from "./connection-facts";
import { connections, type HealthState, statePolicies } from "./schema";

/** The row as it was read: `version` changes with every change of it. */
export type PassedRow = FactsRow & { version: string };

const passed = sql`${connections.stateChangesAt} <= app_now()`;

/** Rows whose stored state is not to be believed any more, the longest first. */
export async function passedRows(db: Executor, limit: number): Promise<PassedRow[]> {
  return db
    .select({ ...facts, version: sql<string>`${connections}.xmin::text` })
    .from(connections)
    .where(passed)
    .orderBy(connections.stateChangesAt)
    .limit(limit);
}

/** `state` null: the row is shown to nobody; `changesAt` null: nothing but another fact changes it. */
export type Stated = Pick<PassedRow, "id" | "version"> & { state: HealthState | null; changesAt: Date | null; noReturnAt: Date | null };

/** Stores what was worked out, in one statement, where the row is still as it was read. Resolves to how many were. */
export async function storeStates(db: Executor, stated: readonly Stated[]): Promise<number> {
  const done = await db.execute(sql`
    update connections c set
      state = v.state, state_changes_at = v."changesAt", no_return_at = v."noReturnAt",
      state_since = case
        when c.state is null then coalesce(c.trouble_at, c.updated_at)
        when c.state is distinct from v.state then app_now() else c.state_since end,
      owner_needed_at = case
        when v.state in ('needs_reconnect', 'expiring_soon') then
          coalesce(c.owner_needed_at, case when c.state is null then coalesce(c.trouble_at, c.updated_at) end, app_now())
        when v.state is null or v.state in ('revoked', 'pending', 'unknown', 'healthy') then null
        else c.owner_needed_at end
    from jsonb_to_recordset(${JSON.stringify(stated)}::jsonb)
      as v (id text, version text, state text, "changesAt" timestamptz, "noReturnAt" timestamptz)
    where c.id = v.id and c.xmin::text = v.version`);
  return done.rowCount ?? 0;
}

/** How many connections there are of each kind, by what is stored. */
export async function countGroups(db: Executor): Promise<Group[]> {
  const found = await db.execute<Group>(sql`
    select state, offer, environment, cause, sum(n)::int as n from state_tallies group by 1, 2, 3, 4 having sum(n) > 0`);
  return found.rows;
}

/** Adds tallies up to one for each kind. Those that another process is adding up are left to it. */
export async function addUpTallies(db: Executor): Promise<void> {
  await db.execute(sql`
    with gone as (
      delete from state_tallies where id in (select id from state_tallies order by id limit 20000 for update skip locked)
      returning offer, environment, state, cause, n)
    insert into state_tallies (offer, environment, state, cause, n)
    select offer, environment, state, cause, sum(n) from gone group by 1, 2, 3, 4 having sum(n) <> 0`);
}

const DOUBTED = 5_000;

/**
 * Notes the rules that each offer's states are worked out by from here on; where they are new or gone, those states are put in doubt first,
 * some thousand at a time, so that a process that ends meanwhile leaves the rest to the next.
 */
export async function adoptPolicies(db: Executor, policies: readonly { offer: string; fingerprint: string }[]): Promise<void> {
  const known = new Map((await db.select().from(statePolicies)).map(({ offer, fingerprint }) => [offer, fingerprint]));
  const now = new Map(policies.map(({ offer, fingerprint }) => [offer, fingerprint]));
  for (const offer of new Set([...now.keys(), ...known.keys()])) {
    const fingerprint = now.get(offer);
    if (fingerprint === known.get(offer)) continue;
    while ((await doubtStates(db, offer)) === DOUBTED);
    if (fingerprint === undefined) await db.delete(statePolicies).where(eq(statePolicies.offer, offer));
    else
      await db
        .insert(statePolicies)
        .values({ offer, fingerprint })
        .onConflictDoUpdate({ target: statePolicies.offer, set: { fingerprint } });
  }
}

async function doubtStates(db: Executor, offer: string): Promise<number> {
  const done = await db.execute(sql`
    update connections set state_changes_at = 'epoch' where id in (
      select id from connections where offer = ${offer} and state is not null and state_changes_at is distinct from 'epoch' limit ${DOUBTED})`);
  return done.rowCount ?? 0;
}
