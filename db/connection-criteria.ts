import { type SQL, sql } from "drizzle-orm";
import type { HealthState } from "./schema";

/** Half-open; a missing end is no limit. */
export type Span = { from: Date | null; to: Date | null };

/** What a list of connections is narrowed to, ready for the database: `null`, and no states, stand for any. */
export type Narrowing = {
  states: readonly HealthState[];
  offers: readonly string[] | null;
  environment: string | null;
  cause: string | null;
  renews: boolean | null;
  runsOut: Span | null;
  due: Span | null;
  created: Span | null;
  owners: readonly string[] | null;
  /** The platform's own id of an account. */
  account: string | null;
  id: string | null;
  /** Only those that have it: the moment that a list is in the order of. */
  moment: "no_return" | "runs_out" | "created" | null;
  /** Patterns of LIKE over the folded text, all of which must match. */
  patterns: readonly string[];
  /** A part of one of them that few texts are likely to have; null: none stands out. */
  rarest: string | null;
};

export type Group = { state: HealthState; offer: string; environment: string; cause: string | null; n: number };

// `c` is a row of connections, or as much of one as is asked about; `t` its text.

/** That anybody or anything renews its access without its owner. */
export const renewing = sql`(c.status = 'active' and c.next_refresh_at is not null)`;
export const unrenewed = sql`(c.status = 'reconnect' or (c.status = 'active' and c.next_refresh_at is null))`;
const live = sql`c.status in ('active', 'reconnect')`;

const within = (column: SQL, { from, to }: Span): SQL[] => [
  ...(from ? [sql`${column} >= ${from.toISOString()}::timestamptz`] : []),
  ...(to ? [sql`${column} < ${to.toISOString()}::timestamptz`] : []),
];

const among = (column: SQL, values: readonly string[]): SQL => (values.length === 0 ? sql`false` : sql`${column} in ${values}`);

/** By the kinds that tallies count. */
export function facetsFit({ states, offers, environment, cause }: Narrowing): SQL[] {
  return [
    ...(states.length > 0 ? [sql`c.state in ${states}`] : []),
    ...(offers === null ? [] : [among(sql`c.offer`, offers)]),
    ...(environment === null ? [] : [sql`c.environment = ${environment}`]),
    ...(cause === null ? [] : [sql`c.trouble_code = ${cause}`]),
  ];
}

/** By everything else; each by itself, for one of them may lead to all the rows. */
export function othersFit({ renews, runsOut, due, created, owners, account, id, moment }: Narrowing): Record<string, SQL> {
  const all = (parts: SQL[]) => sql.join(parts, sql` and `);
  return {
    ...(id === null ? {} : { id: sql`c.id = ${id}` }),
    ...(owners === null ? {} : { owners: among(sql`c.merchant_id`, owners) }),
    ...(account === null ? {} : { account: sql`c.account_id = ${account}` }),
    ...(renews === null ? {} : { renews: renews ? renewing : unrenewed }),
    ...(runsOut === null ? {} : { runsOut: all([live, ...within(sql`c.expires_at`, runsOut)]) }),
    ...(due === null ? {} : { due: all([renewing, ...within(sql`c.next_refresh_at`, due)]) }),
    ...(created === null ? {} : { created: all(within(sql`c.created_at`, created)) }),
    ...(moment === "no_return" ? { moment: sql`c.no_return_at is not null` } : {}),
    ...(moment === "created" ? { moment: sql`c.state is not null` } : {}),
    ...(moment === "runs_out" ? { moment: all([live, sql`c.expires_at is not null`]) } : {}),
  };
}

export const textFits = ({ patterns }: Narrowing): SQL[] => patterns.map((pattern) => sql`t.folded like ${pattern}`);

export const every = (parts: readonly SQL[]): SQL => (parts.length > 0 ? sql.join([...parts], sql` and `) : sql`true`);

/** A connection's text beside it, read row by row: the planner is not to look for all texts first. */
export const withText = ({ patterns }: Narrowing): SQL =>
  patterns.length > 0 ? sql`cross join lateral (select folded from connection_texts where connection_id = c.id offset 0) t` : sql``;

/** All of it, as a condition on rows of `connections c`, for whoever counts or changes what a list shows. */
export function fits(narrowing: Narrowing): SQL {
  const text = textFits(narrowing);
  return every([
    sql`c.state is not null`,
    ...facetsFit(narrowing),
    ...Object.values(othersFit(narrowing)),
    ...(text.length > 0 ? [sql`exists (select from connection_texts t where t.connection_id = c.id and ${every(text)})`] : []),
  ]);
}
