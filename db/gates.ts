import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { gates } from "./schema";

/** `reserve`: turns that are left for somebody else; `yields`: who waits for a turn and does not yield goes first. */
export type GateRule = {
  name: string;
  perSecond: number;
  capacity: number;
  owner: string | null;
  busyS: number;
  reserve?: number;
  yields?: boolean;
};

/** A gate that does not exist yet opens full. */
export async function ensureGate(db: Executor, name: string, capacity: number): Promise<void> {
  await db.insert(gates).values({ name, tokens: capacity }).onConflictDoNothing();
}

/**
 * A statement's time is that of its start: one that waited for the row must not take back what a later one has counted. Further
 * ahead than any statement may wait, the clock itself was moved back.
 */
const COUNTED = sql`case when refilled_at < app_now() + interval '1 minute' then greatest(refilled_at, app_now()) else app_now() end`;

/** Takes one turn by the database's clock, in one statement; with an `owner` also the gate itself. False: none is free now. */
export async function takeGate(db: Executor, rule: GateRule): Promise<boolean> {
  const filled = sql`least(${rule.capacity}::float8, tokens + greatest(extract(epoch from app_now() - refilled_at), 0) * ${rule.perSecond}::float8)`;
  const taken = await db.execute(sql`
    update gates set
      tokens = ${filled} - 1,
      refilled_at = ${COUNTED},
      busy_by = coalesce(${rule.owner}, busy_by),
      busy_until = case when ${rule.owner}::text is null then busy_until else app_now() + make_interval(secs => ${rule.busyS}) end,
      wanted_until = case when ${rule.yields ?? false} then wanted_until end
    where name = ${rule.name}
      and ${filled} >= ${1 + (rule.reserve ?? 0)}::float8
      and (paused_until is null or paused_until <= app_now())
      and (${rule.owner}::text is null or busy_until is null or busy_until <= app_now())
      and (not ${rule.yields ?? false} or wanted_until is null or wanted_until <= app_now())
    returning name`);
  return (taken.rowCount ?? 0) > 0;
}

/** Seconds until a turn may be free: the bucket's next token or the end of a pause. */
export async function gateWaitS(db: Executor, rule: Pick<GateRule, "name" | "perSecond" | "reserve">): Promise<number> {
  const answer = await db.execute<{ wait: number }>(sql`
    select greatest(
      (${1 + (rule.reserve ?? 0)}::float8 - tokens - extract(epoch from app_now() - refilled_at) * ${rule.perSecond}::float8)
        / ${rule.perSecond}::float8,
      extract(epoch from paused_until - app_now()),
      1)::float8 as wait
    from gates where name = ${rule.name}`);
  return Math.ceil(answer.rows[0]?.wait ?? 1);
}

/** Seconds until a turn is free; 0: now. A gate that nobody has come to yet is open. Takes none. */
export async function gateFreeInS(db: Executor, rule: Pick<GateRule, "name" | "perSecond" | "reserve">): Promise<number> {
  const answer = await db.execute<{ wait: number }>(sql`
    select greatest(
      (${1 + (rule.reserve ?? 0)}::float8 - tokens - extract(epoch from app_now() - refilled_at) * ${rule.perSecond}::float8)
        / ${rule.perSecond}::float8,
      extract(epoch from paused_until - app_now()),
      0)::float8 as wait
    from gates where name = ${rule.name}`);
  return Math.ceil(answer.rows[0]?.wait ?? 0);
}

/** The database's time and, in the same way there, what `gatePause` tells. */
export async function clockAndPause(db: Executor, name: string): Promise<{ now: Date; pausedS: number; strikes: number }> {
  const found = await db.execute<{ now: Date | string; pausedS: number; strikes: number }>(sql`
    select app_now() as now, coalesce(greatest(extract(epoch from paused_until - app_now()), 0), 0)::float8 as "pausedS",
      coalesce(strikes, 0) as strikes
    from (select) one left join gates on name = ${name}`);
  const [row] = found.rows;
  return { now: new Date(row?.now ?? Number.NaN), pausedS: Math.ceil(row?.pausedS ?? 0), strikes: row?.strikes ?? 0 };
}

/** The same of several gates together: the longest of their pauses. */
export async function clockAndPauses(db: Executor, names: readonly string[]): Promise<{ now: Date; pausedS: number; strikes: number }> {
  const given = sql.join(
    names.map((name) => sql`${name}`),
    sql`, `,
  );
  const found = await db.execute<{ now: Date | string; pausedS: number; strikes: number }>(sql`
    select app_now() as now, coalesce(max(extract(epoch from paused_until - app_now())), 0)::float8 as "pausedS",
      coalesce(max(strikes), 0)::int as strikes
    from gates where name in (${given})`);
  const [row] = found.rows;
  return { now: new Date(row?.now ?? Number.NaN), pausedS: Math.max(0, Math.ceil(row?.pausedS ?? 0)), strikes: row?.strikes ?? 0 };
}

/** Pauses of single connections' calls that are over. */
export async function forgetCallPauses(db: Executor): Promise<void> {
  await db.execute(sql`delete from gates where name like ${`${CALLS}%`} and paused_until < app_now() - interval '1 hour'`);
}

/** Where calls that are passed through for one connection are held back, without a word to anybody else's. */
export const callsGate = (connectionId: string): string => `${CALLS}${connectionId}`;
const CALLS = "calls:";

/** How long a platform is to be left alone yet, and how often in a row it has asked for that. */
export async function gatePause(db: Executor, name: string): Promise<{ pausedS: number; strikes: number }> {
  const [row] = await db
    .select({ pausedS: sql<number>`greatest(extract(epoch from paused_until - app_now()), 0)::float8`, strikes: gates.strikes })
    .from(gates)
    .where(eq(gates.name, name));
  return { pausedS: Math.ceil(row?.pausedS ?? 0), strikes: row?.strikes ?? 0 };
}

/** So long a gate that becomes free is kept for whoever wanted it while it was busy: background work comes back within a few seconds. */
const WANTED_S = 10;

/** Somebody who does not yield waits for a gate that is busy. */
export async function wantGate(db: Executor, name: string): Promise<void> {
  await db.execute(sql`
    update gates set wanted_until = app_now() + make_interval(secs => ${WANTED_S}) where name = ${name} and busy_until > app_now()`);
}

/** Its owner is at it longer than was foreseen. False: the gate is somebody else's by now. */
export async function keepGate(db: Executor, name: string, owner: string, busyS: number): Promise<boolean> {
  const kept = await db.execute(sql`
    update gates set busy_until = app_now() + make_interval(secs => ${busyS}) where name = ${name} and busy_by = ${owner} returning name`);
  return (kept.rowCount ?? 0) > 0;
}

/** Only its owner gives a gate back. */
export async function freeGate(db: Executor, name: string, owner: string): Promise<void> {
  await db.execute(sql`update gates set busy_by = null, busy_until = null where name = ${name} and busy_by = ${owner}`);
}

const FIRST_PAUSE_S = 20;
const LONGEST_PAUSE_S = 600;

/**
 * A platform that asked us to slow down is left alone by the whole installation: as long as it said, else longer each time. Calls that
 * were under way together count as one.
 */
export async function pauseGate(db: Executor, name: string, askedS: number | null, why: string, firstS = FIRST_PAUSE_S): Promise<void> {
  const next = sql`case when gates.paused_until > app_now() then gates.strikes else gates.strikes + 1 end`;
  const seconds =
    askedS === null ? sql`least(${LONGEST_PAUSE_S}::float8, ${firstS}::float8 * power(2, least(${next}, 10) - 1))` : sql`${askedS}::float8`;
  await db.execute(sql`
    insert into gates (name, tokens, paused_until, paused_why, strikes)
    values (${name}, 0, app_now() + make_interval(secs => ${askedS ?? firstS}::float8), ${why}, 1)
    on conflict (name) do update set
      paused_until = greatest(coalesce(gates.paused_until, app_now()), app_now() + make_interval(secs => greatest(${seconds}, 1))),
      paused_why = excluded.paused_why,
      strikes = ${next}`);
}

/** A call went well: the next pause begins small again. */
export async function endStrikes(db: Executor, name: string): Promise<void> {
  await db
    .update(gates)
    .set({ strikes: 0 })
    .where(and(eq(gates.name, name), sql`${gates.strikes} > 0`));
}

/** A platform's gate as it stands: the turns left in it when it was last counted, and for how long nobody may pass. */
export type GateStand = { name: string; tokens: number; countedS: number; pausedS: number; pausedWhy: string | null };

export async function readGates(db: Executor): Promise<GateStand[]> {
  return db
    .select({
      name: gates.name,
      tokens: gates.tokens,
      countedS: sql<number>`greatest(extract(epoch from app_now() - ${gates.refilledAt}), 0)::float8`,
      pausedS: sql<number>`coalesce(greatest(extract(epoch from ${gates.pausedUntil} - app_now()), 0), 0)::float8`,
      pausedWhy: gates.pausedWhy,
    })
    .from(gates);
}
