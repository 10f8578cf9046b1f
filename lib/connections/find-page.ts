import { database } from "@/db/client";
import type { Group, Narrowing } from "@/db/connection-criteria";
import { type Driver, gather, type Sample, sample } from "@/db/connection-gather";
import { type From, type Order, type Spot, walk, walkEnd } from "@/db/connection-walk";
import { countGroups } from "@/db/states";
import { type Criteria, listOrder, noCriteria } from "./criteria";
import { type Facets, facetsOf, totalOf } from "./facets";
import { attention, type HealthState, healthStates } from "./health";
import { hasTrigrams } from "./patterns";

/**
 * `page`: rows of a page; `few`: so many can be looked at one by one; `walk`: so far a list is walked along for one page; `sample`: of all. Where
 * each row's text is to be read as well, `texts` times fewer.
 */
export type Limits = { page: number; few: number; walk: number; sample: number; texts: number };
export const usual: Limits = { page: 50, few: 6_000, walk: 9_000, sample: 1_500, texts: 5 };

export type Total = { n: number; is: "exact" | "about" | "at least" };

export type FoundPage = {
  ids: readonly string[];
  total: Total;
  /** Null: not known under what was asked for. */
  facets: Facets | null;
  /** How many there are of every kind, whatever was asked for. */
  kinds: Facets;
  /** The walk was ended after so many rows, and more may fit beyond. */
  looked: number | null;
  previous: Spot | null;
  next: Spot | null;
};

const byAttention = [...healthStates].sort((a, b) => attention[a] - attention[b]);

function orderOf(criteria: Criteria): Order {
  const by = listOrder(criteria);
  return by === "attention" || by === "updated" ? { by, states: byAttention } : { by };
}

/**
 * A page of a list, at any depth, without ever reading more than a bounded number of rows. What few rows fit is gathered by whatever index
 * leads to them and sorted; what many fit is found by walking along the list's own order. Tallies and a small sample say which it is.
 */
export async function findPage(criteria: Criteria, narrowing: Narrowing, from: From, limits: Limits = usual): Promise<FoundPage> {
  const { offers } = narrowing;
  const every = await countGroups(database());
  // What criteria ask for they count for themselves, each option beside the others.
  const held = offers !== null && (criteria.offer === null || offers.length === 0);
  const tallied = held ? every.filter(({ offer }) => offers.includes(offer)) : every;
  const all = every.reduce((sum, { n }) => sum + n, 0);
  const bounds = narrowing.patterns.length > 0 ? withTexts(limits) : { ...limits, fewTexts: limits.few };
  return { ...(await found({ tallied, all }, criteria, narrowing, from, bounds)), kinds: facetsOf(tallied, noCriteria) };
}

type Page = Omit<FoundPage, "kinds">;

/** `few` of what is asked for beside a text, `fewTexts` where that is what leads to them. */
type Bounds = Limits & { fewTexts: number };

/** `tallied`: of the platforms asked for; `all`: how many there are whatever is asked for. */
type Counted = { tallied: readonly Group[]; all: number };

const withTexts = (limits: Limits): Bounds => ({
  ...limits,
  fewTexts: Math.ceil(limits.few / 2),
  few: Math.ceil(limits.few / limits.texts),
  walk: Math.ceil(limits.walk / limits.texts),
});

async function found(counted: Counted, criteria: Criteria, narrowing: Narrowing, from: From, limits: Bounds): Promise<Page> {
  const { tallied, all } = counted;
  const order = orderOf(criteria);
  const kinds = totalOf(tallied, criteria);
  const byKindAlone = others(narrowing).length === 0 && ("states" in order || order.by === "created");
  const told = byKindAlone ? { total: { n: kinds, is: "exact" } as Total, facets: facetsOf(tallied, criteria) } : null;
  if (told && onlyStates(narrowing) && byStates(order, narrowing)) return walked(order, from, narrowing, limits, told);
  const inState = (state: HealthState): number => totalOf(tallied, { ...criteria, states: [state] });
  // In states that hold none of these kinds there is nothing to walk along.
  const states = healthStates.filter(
    (state) => inState(state) > 0 && among(criteria, state) && !(lives(narrowing) && ended.includes(state)),
  );
  const within = { ...narrowing, states: states.length > 0 ? states : narrowing.states };

  // Where the kinds asked for are many among their states, the walk along these is the shorter way.
  const inStates = tallied.reduce((sum, { state, n }) => (states.includes(state) ? sum + n : sum), 0);
  const along = "states" in order ? inStates : all;
  if (told && kinds * kinds > (limits.page + 1) * along) {
    const page = await walked(order, from, within, limits, told);
    if (page.looked === null) return page;
  }
  const rarest = await drivers(narrowing, { kinds, all, alone: byKindAlone }, limits);
  for (const driver of rarest.drivers) {
    const most = driver === "text" || driver === "part" ? limits.fewTexts : limits.few;
    const bounds = { limit: limits.page + 1, most, counted: told === null };
    if (driver === "facets" && told && order.by === "attention") {
      const next = nearest(from, states, inState, bounds.limit);
      const some = await gather(database(), driver, order, from, { ...narrowing, states: next }, bounds);
      // Fewer than the tallies say, which is so while some are being restated: then all are looked at.
      if (some.complete && some.page.length === bounds.limit) return paged(some.page, from, limits, told, null);
    }
    const few = await gather(database(), driver, order, from, narrowing, bounds);
    if (!few.complete) continue;
    if (told) return paged(few.page, from, limits, told, null);
    const facets = driver === "facets" ? null : facetsOf(few.groups, criteria);
    return paged(few.page, from, limits, { total: { n: few.total, is: "exact" }, facets }, null);
  }
  return walked(order, from, within, limits, told ?? { total: about(rarest.sample, all), facets: null });
}

/** The states from a spot of the list on that hold enough rows, in which everything of its next page is. */
function nearest({ spot, back }: From, states: readonly HealthState[], count: (state: HealthState) => number, enough: number) {
  const ahead = byAttention.filter((state) => states.includes(state));
  if (back) ahead.reverse();
  const chosen: HealthState[] = [];
  let sum = 0;
  for (const state of ahead) {
    const passed = spot === null ? false : back ? attention[state] > spot.rank : attention[state] < spot.rank;
    if (passed || sum >= enough) continue;
    chosen.push(state);
    // How many of the spot's own state are left is not known.
    if (attention[state] !== spot?.rank) sum += count(state);
  }
  return chosen;
}

/** In these nothing runs out and nothing is due, and nobody renews or ceases to. */
const ended: readonly HealthState[] = ["revoked", "pending"];
const lives = ({ renews, runsOut, due }: Narrowing): boolean => renews !== null || runsOut !== null || due !== null;

const among = ({ states }: Criteria, state: HealthState): boolean => states.length === 0 || states.includes(state);

type Told = Pick<FoundPage, "total" | "facets">;

const others = (narrowing: Narrowing): Driver[] => {
  const { id, owners, account, renews, runsOut, due, created, patterns } = narrowing;
  const asked = { id, owners, account, runsOut, due, created, renews, text: patterns.length > 0 || null };
  return (Object.keys(asked) as (keyof typeof asked)[]).filter((name) => asked[name] !== null);
};

/** That the order is read state by state, so that walking along it passes nothing of another one. */
const byStates = (order: Order, { states }: Narrowing): boolean => "states" in order || states.length === 0;

const onlyStates = ({ offers, environment, cause }: Narrowing): boolean => offers === null && environment === null && cause === null;

/** What leads to few enough rows, the fewest first. */
async function drivers(
  narrowing: Narrowing,
  { kinds, all, alone }: { kinds: number; all: number; alone: boolean },
  { few, fewTexts, sample: size }: Bounds,
): Promise<{ drivers: Driver[]; sample: Sample | null }> {
  if (all <= few) return { drivers: ["all"], sample: null };
  // Each has an index of its own that holds few.
  const named: Driver[] = [
    ...(narrowing.account === null ? [] : ["account" as const]),
    ...(narrowing.owners === null ? [] : ["owners" as const]),
    ...(narrowing.renews === false ? ["renews" as const] : []),
  ];
  const facets: Driver[] = kinds <= few && !(onlyStates(narrowing) && narrowing.states.length === 0) ? ["facets"] : [];
  if (alone) return { drivers: facets, sample: null };
  if (narrowing.id !== null) return { drivers: ["id"], sample: null };
  // A text's connection is looked up by its id: fewer of them, where both are asked about. Texts alone are read fast, and to take them for fewer
  // than they are costs most.
  const text = narrowing.patterns.length > 0;
  const joined = text && (others(narrowing).length > 1 || kinds < all);
  const seen = await sample(database(), narrowing, { of: all, size: joined ? size / 2 : text ? size * 2 : size });
  const expected = (name: Driver) => ((seen.by[name] ?? 0) / Math.max(1, seen.looked)) * all;
  const fewEnough = (name: Driver) => expected(name) <= 0.75 * (name === "text" || name === "part" ? fewTexts : few);
  const leads = others(narrowing)
    .filter((name) => !named.includes(name) && fewEnough(name) && !(name === "text" && !hasTrigrams(narrowing.patterns)))
    .map((name): Driver => (name === "text" && narrowing.rarest !== null && fewEnough("part") ? "part" : name))
    .sort((a, b) => expected(a) - expected(b));
  return { drivers: [...named, ...leads, ...facets], sample: seen };
}

/** To two digits: it is no more than that. */
function about(seen: Sample | null, all: number): Total {
  if (seen === null || seen.looked === 0) return { n: 0, is: "at least" };
  return { n: Number(((seen.fit / seen.looked) * all).toPrecision(2)), is: "about" };
}

async function walked(order: Order, from: From, narrowing: Narrowing, limits: Bounds, told: Told): Promise<Page> {
  const rows = await walk(database(), order, from, narrowing, { limit: limits.page + 1, most: limits.walk });
  const bare = onlyStates(narrowing) && others(narrowing).length === 0 && byStates(order, narrowing);
  if (rows.length > limits.page || bare) return paged(rows, from, limits, told, null);
  const end = await walkEnd(database(), order, from, narrowing, limits.walk);
  // The whole list was looked at: nobody needs to guess.
  if (end === null && from.spot === null) return paged(rows, from, limits, { ...told, total: { n: rows.length, is: "exact" } }, null);
  return paged(rows, from, limits, told, end);
}

/** `found` is in the order walked, with one more than a page where there is one; `end`: where the walk ended before the list did. */
function paged(found: readonly Spot[], from: From, limits: Bounds, told: Told, end: Spot | null): Page {
  const extra = found.length > limits.page;
  const rows = found.slice(0, limits.page);
  const beyond = extra ? (rows.at(-1) ?? null) : end;
  if (from.back) rows.reverse();
  const edges = from.back
    ? { previous: beyond, next: rows.at(-1) ?? from.spot }
    : { previous: from.spot && (rows[0] ?? from.spot), next: beyond };
  const least = rows.length + (beyond ? 1 : 0);
  const total: Total = told.total.is === "exact" || told.total.n >= least ? told.total : { n: least, is: beyond ? "at least" : "about" };
  return { ids: rows.map(({ id }) => id), ...told, total, looked: end && !extra ? limits.walk : null, ...edges };
}
