import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { every, facetsFit, type Narrowing, othersFit, textFits, withText } from "./connection-criteria";
import { moment, type Place } from "./connection-facts";
import type { HealthState } from "./schema";

/**
 * `attention`: by state in this order, and in each the last changed first; `updated`: the last changed first; `created`: the first made first,
 * which nothing changes; by a moment: the next first, those that have one.
 */
export type Order = { by: "attention" | "updated"; states: readonly HealthState[] } | { by: "no_return" | "runs_out" | "created" };
/** `rank`: of its state in the order by attention, else 0. */
export type Spot = Place & { rank: number };
export type From = { spot: Spot | null; back: boolean };

const columns = {
  attention: sql`c.updated_at`,
  updated: sql`c.updated_at`,
  no_return: sql`c.no_return_at`,
  runs_out: sql`c.expires_at`,
  created: sql`c.created_at`,
} as const;

export const columnOf = ({ by }: Order): SQL => columns[by];
const falls = (order: Order, { back }: From): boolean => "states" in order !== back;

/** By a row's place in the order, from one spot on or, `back`, away from it. */
export function placed(order: Order, from: From): SQL {
  const direction = falls(order, from) ? sql`desc` : sql`asc`;
  return sql`rank ${from.back ? sql`desc` : sql`asc`}, at ${direction}, id ${direction}`;
}

const beyond = (order: Order, from: From, column: SQL, id: SQL): SQL =>
  from.spot === null
    ? sql`true`
    : sql`(${column}, ${id}) ${falls(order, from) ? sql`<` : sql`>`} (${moment(from.spot.at)}, ${from.spot.id})`;

/** The same of a row whose rank is known. */
export function past(order: Order, from: From): SQL {
  const { spot, back } = from;
  if (spot === null) return sql`true`;
  return sql`(rank ${back ? sql`<` : sql`>`} ${spot.rank} or (rank = ${spot.rank} and ${beyond(order, from, sql`at`, sql`id`)}))`;
}

/** Every column that a condition may ask for. */
export const row = sql`c.id, c.merchant_id, c.offer, c.environment, c.account_id, c.status, c.state, c.trouble_code, c.expires_at, c.next_refresh_at, c.created_at,
  c.no_return_at`;

/** The first rows of an order, read from its index and no further than `most`. */
function first(order: Order, from: From, narrowing: Narrowing, most: number, read: SQL = row): SQL {
  const column = columnOf(order);
  const direction = falls(order, from) ? sql`desc` : sql`asc`;
  const branch = (rank: number, condition: SQL, starts: From) =>
    sql`(select ${read}, ${rank}::int as rank, ${column} as at from connections c
      where ${condition} and ${beyond(order, starts, column, sql`c.id`)} order by ${column} ${direction}, c.id ${direction} limit ${most})`;
  if (!("states" in order)) {
    const { moment: has, runsOut } = othersFit(narrowing);
    const state = narrowing.states.length === 1 ? [sql`c.state = ${narrowing.states[0]}`] : [];
    const window = order.by === "runs_out" && runsOut ? [runsOut] : [];
    return branch(0, every([has ?? sql`true`, ...state, ...window]), from);
  }
  const ranked = order.by === "attention";
  const states = order.states
    .map((state, rank) => ({ state, rank: ranked ? rank : 0 }))
    .filter(({ state }) => narrowing.states.length === 0 || narrowing.states.includes(state))
    .filter(({ rank }) => !ranked || from.spot === null || (from.back ? rank <= from.spot.rank : rank >= from.spot.rank));
  if (from.back) states.reverse();
  const branches = states.map(({ state, rank }) =>
    branch(rank, sql`c.state = ${state}`, from.spot?.rank === rank ? from : { ...from, spot: null }),
  );
  if (branches.length < 2) return branches[0] ?? branch(0, sql`false`, from);
  const all = sql.join(branches, sql` union all `);
  // One state after the other is read as far as it is needed, and none of the next before; else all are merged.
  return ranked ? sql`(${all} limit ${most})` : sql`(${all} order by at ${direction}, id ${direction} limit ${most})`;
}

export type Walked = { id: string; rank: number; at: string };

const spot = sql`c.id, c.rank, (extract(epoch from c.at) * 1000000)::bigint::text as at`;

/**
 * Rows of a list by walking along its order until there are enough, over no more than `most`. In the order walked: `back`, the wrong way
 * round. A filter and a nested loop keep the order of what they read, which is why none is asked for again: it would read them all.
 */
export async function walk(
  db: Executor,
  order: Order,
  from: From,
  narrowing: Narrowing,
  { limit, most }: { limit: number; most: number },
): Promise<Walked[]> {
  const conditions = [...facetsFit(narrowing), ...Object.values(othersFit(narrowing)), ...textFits(narrowing)];
  const bare = conditions.length === 0 || ("states" in order && isByState(narrowing));
  // Of what only its text is asked about the order's index holds all that is needed.
  const read = "states" in order && isByState({ ...narrowing, patterns: [] }) ? sql`c.id, c.state` : row;
  const found = await db.execute<Walked>(sql`
    select ${spot} from (${first(order, from, narrowing, bare ? limit : most, read)}) c ${withText(narrowing)}
    where ${bare ? sql`true` : every(conditions)} limit ${limit}`);
  return found.rows;
}

/** Where a walk over `most` rows ends; null: the list ends before. */
export async function walkEnd(db: Executor, order: Order, from: From, narrowing: Narrowing, most: number): Promise<Spot | null> {
  const found = await db.execute<Walked>(
    sql`select ${spot} from (${first(order, from, narrowing, most, sql`c.id`)}) c offset ${most - 1} limit 1`,
  );
  return found.rows[0] ?? null;
}

/** That nothing but the state is asked for: the order's own branches are all of it. */
function isByState(narrowing: Narrowing): boolean {
  return facetsFit({ ...narrowing, states: [] }).length === 0 && Object.keys(othersFit(narrowing)).length + narrowing.patterns.length === 0;
}
