import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/**
 * Where a commit shows: a renewal's in its row, which stands under its lease until then; an exchange's in its attempt, which is as it was
 * when the code left, or was given up because nothing was heard. What an attempt came to after that, also to nothing, it came to with it.
 */
export type Mark =
  | { connection: string; lease: string; epoch: number; attempt: null }
  | { attempt: string; connection: null; lease: null; epoch: null };

const unanswered = sql`a.result_id is null and (a.status in ('open', 'answered') or a.outcome = 'unreachable' and a.trouble_code = 'outcome_unknown')`;

/** Which of these commits, by their place in the list, the database does not show. */
export async function uncommitted(db: Executor, marks: readonly Mark[]): Promise<Set<number>> {
  if (marks.length === 0) return new Set();
  const asked = marks.map((mark, index) => ({ index, ...mark }));
  const found = await db.execute<{ index: number }>(sql`
    select m.index from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as m (index int, connection text, lease text, epoch int, attempt text)
    where exists (select 1 from connections c where c.id = m.connection and c.lease_id = m.lease and c.epoch = m.epoch)
      or exists (select 1 from attempts a where a.id = m.attempt and ${unanswered})`);
  return new Set(found.rows.map(({ index }) => index));
}

/** Whether what a call under this epoch brought was stored, in the row or beside it, whatever became of it since. */
export async function everSettled(db: Executor, connectionId: string, epoch: number): Promise<boolean> {
  const found = await db.execute(sql`
    select 1 from events where connection_id = ${connectionId} and kind in ('connection.renewed', 'grant.kept') and (facts->>'epoch')::int = ${epoch} limit 1`);
  return found.rows.length > 0;
}

/** Whether anything of this database ever told of it: what it is said of may be gone, the events stay. */
export async function everTold(db: Executor, of: { connection: string } | { attempt: string }): Promise<boolean> {
  const about = "connection" in of ? sql`connection_id = ${of.connection}` : sql`attempt_id = ${of.attempt}`;
  const found = await db.execute(sql`select 1 from events where ${about} limit 1`);
  return found.rows.length > 0;
}
