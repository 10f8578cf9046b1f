import { sql } from "drizzle-orm";
import type { Executor } from "./client";
import { gates } from "./schema";

export type GateRule = { name: string; perSecond: number; capacity: number; owner: string | null; busyS: number };

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
      busy_until = case when ${rule.owner}::text is null then busy_until else app_now() + make_interval(secs => ${rule.busyS}) end
    where name = ${rule.name}
      and ${filled} >= 1
      and (paused_until is null or paused_until <= app_now())
      and (${rule.owner}::text is null or busy_until is null or busy_until <= app_now())
    returning name`);
  return (taken.rowCount ?? 0) > 0;
}

/** Seconds until a turn may be free: the bucket's next token or the end of a pause. */
export async function gateWaitS(db: Executor, rule: Pick<GateRule, "name" | "perSecond">): Promise<number> {
  const answer = await db.execute<{ wait: number }>(sql`
    select greatest(
      (1 - tokens - extract(epoch from app_now() - refilled_at) * ${rule.perSecond}::float8) / ${rule.perSecond}::float8,
      extract(epoch from paused_until - app_now()),
      1)::float8 as wait
    from gates where name = ${rule.name}`);
  return Math.ceil(answer.rows[0]?.wait ?? 1);
}

/** Only its owner gives a gate back. */
export async function freeGate(db: Executor, name: string, owner: string): Promise<void> {
  await db.execute(sql`update gates set busy_by = null, busy_until = null where name = ${name} and busy_by = ${owner}`);
}

/** A platform that asked us to slow down is left alone by the whole installation. */
export async function pauseGate(db: Executor, name: string, seconds: number, why: string): Promise<void> {
  await db.execute(sql`
    update gates set paused_until = greatest(coalesce(paused_until, app_now()), app_now() + make_interval(secs => ${seconds})), paused_why = ${why}
    where name = ${name}`);
}
