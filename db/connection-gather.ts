import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { every, facetsFit, type Group, type Narrowing, othersFit, textFits, withText } from "./connection-criteria";
import { columnOf, type From, type Order, past, placed, row, type Walked } from "./connection-walk";

/** What leads to the rows: one of the conditions by its own index, or all that there are. */
export type Driver = "text" | "part" | "facets" | "all" | "id" | "owners" | "account" | "renews" | "runsOut" | "due" | "created";

export type Gathered = {
  /** False: the driver leads to more rows than were looked at, and this is not all. */
  complete: boolean;
  /** How many there are of each kind, whatever kinds were asked for; of the kinds asked for alone where these led to them. */
  groups: Group[];
  /** How many fit. */
  total: number;
  page: Walked[];
};

const byText = (driver: Driver): driver is "text" | "part" => driver === "text" || driver === "part";

/** What the driver leads to: of connections, or of texts, whose connections are looked up only if these are not too many. */
function led(driver: Driver, narrowing: Narrowing, columns: SQL, most: number): SQL {
  if (byText(driver)) return sql`select t.connection_id from connection_texts t where ${textsFit(driver, narrowing)} limit ${most + 1}`;
  const condition =
    driver === "facets" || driver === "all"
      ? every(facetsFit(driver === "all" ? none(narrowing) : narrowing))
      : (othersFit(narrowing)[driver] ?? sql`true`);
  // Every offer by name, so that the indexes that begin with it serve.
  const offers = driver === "due" || driver === "account" ? sql`and c.offer in (select distinct offer from state_tallies)` : sql``;
  return sql`select ${columns} from connections c where c.state is not null and ${condition} ${offers} limit ${most + 1}`;
}

const ofTexts = (columns: SQL, most: number): SQL => sql`
  select ${columns} from (select connection_id from led where (select count(*) from led) <= ${most}) t
  cross join lateral (select * from connections where id = t.connection_id offset 0) c`;

// By a part alone the index has a few short lists to go through, instead of the long ones of what stands in every text: the rest is asked of the
// texts themselves, in a way that the index does not understand.
const textsFit = (driver: "text" | "part", narrowing: Narrowing): SQL =>
  driver === "text"
    ? every(textFits(narrowing))
    : every([part(narrowing), ...narrowing.patterns.map((pattern) => sql`t.folded || '' like ${pattern}`)]);

const part = ({ rarest }: Narrowing): SQL => sql`t.folded like ${rarest ?? ""}`;

const none = (narrowing: Narrowing): Narrowing => ({ ...narrowing, states: [], offers: null, environment: null, cause: null });

/**
 * All rows of a list, if they are few: what the driver leads to, `most` at the most, each looked at by its id; a page of them in order and,
 * where that is to be `counted`, how many there are of each kind.
 */
export async function gather(
  db: Executor,
  driver: Driver,
  order: Order,
  from: From,
  narrowing: Narrowing,
  { limit, most, counted }: { limit: number; most: number; counted: boolean },
): Promise<Gathered> {
  const rank =
    order.by === "attention"
      ? sql`array_position(array[${sql.join(
          [...order.states].map((state) => sql`${state}`),
          sql`, `,
        )}]::text[], c.state) - 1`
      : sql`0`;
  const column = columnOf(order);
  // What led here was asked for already.
  const rest = byText(driver) ? { ...narrowing, patterns: [] } : narrowing;
  const asked = [...Object.values(othersFit(rest)), ...textFits(rest)];
  // Where kinds alone are asked for and led here, nothing else of a row is looked at.
  const read = driver === "facets" && asked.length === 0 && !counted ? sql`c.id, c.state` : row;
  const columns = sql`${read}, ${rank} as rank, ${column} as at`;
  const conditions = [sql`c.state is not null`, ...asked];
  const found = await db.execute<{ led: number; groups?: Group[] | null; total?: number; page: Walked[] | null }>(sql`
    with led as materialized (${led(driver, narrowing, columns, most)}),
    driven as (${byText(driver) ? ofTexts(columns, most) : sql`select * from led`}),
    hits as materialized (select c.* from driven c ${withText(rest)} where ${every(conditions)}),
    chosen as materialized (select * from hits c where ${every(driver === "facets" ? [] : facetsFit(narrowing))})
    select
      (select count(*)::int from led) as led,
      ${
        counted
          ? sql`(select jsonb_agg(g) from (
              select state, offer, environment, trouble_code as cause, count(*)::int as n from hits group by 1, 2, 3, 4) g) as groups,
            (select count(*)::int from chosen) as total,`
          : sql``
      }
      (select jsonb_agg(p) from (
        select id, rank, (extract(epoch from at) * 1000000)::bigint::text as at from (
          select * from chosen where ${past(order, from)} order by ${placed(order, from)} limit ${limit}) nearest
        order by ${placed(order, from)}) p) as page`);
  const all = found.rows[0];
  return { complete: (all?.led ?? 0) <= most, groups: all?.groups ?? [], total: all?.total ?? 0, page: all?.page ?? [] };
}

/** What a sample of all rows says: how many were looked at, and how many of them each condition takes. */
export type Sample = { looked: number; fit: number; by: Partial<Record<Driver, number>> };

/** Looks at about `size` rows in pages here and there: what is frequent shows itself, what is rare does not. */
export async function sample(db: Executor, narrowing: Narrowing, { of, size }: { of: number; size: number }): Promise<Sample> {
  const percent = Math.min(100, (100 * size) / Math.max(1, of));
  const texts = textFits(narrowing);
  const others = othersFit(narrowing);
  const rest = [...facetsFit(narrowing), ...Object.values(others)];
  const from =
    texts.length > 0
      ? sql`connection_texts t tablesample system (${percent}::real)
          ${rest.length > 0 ? sql`cross join lateral (select * from connections where id = t.connection_id offset 0) c` : sql``}`
      : sql`connections c tablesample system (${percent}::real)`;
  const conditions: Record<string, SQL> = {
    ...(texts.length > 0 ? { text: every(texts) } : {}),
    ...(narrowing.rarest === null ? {} : { part: part(narrowing) }),
    ...others,
  };
  const counts = Object.entries(conditions).map(([name, condition]) => sql`'${sql.raw(name)}', count(*) filter (where ${condition})`);
  const found = await db.execute<Sample>(sql`
    select count(*)::int as looked, (count(*) filter (where ${every([...texts, ...rest])}))::int as fit,
      jsonb_build_object(${sql.join(counts, sql`, `)}) as by
    from ${from}`);
  return found.rows[0] ?? { looked: 0, fit: 0, by: {} };
}
