import { isId, typedText } from "@/lib/ids";
import { type HealthState, healthStates } from "./health";
import { type Window, windowOf, windowText } from "./window";

export const listSorts = ["attention", "runs_out", "no_return", "updated", "created"] as const;
export type ListSort = (typeof listSorts)[number];

/** What a list of connections is narrowed to: the one language of lists, links into them, saved views and bulk acts. */
export type Criteria = {
  /** What is left of the typed words once the operators among them are understood. */
  text: string;
  /** None: any. */
  states: readonly HealthState[];
  offer: string | null;
  environment: string | null;
  /** A trouble's code. */
  cause: string | null;
  /** Whether access will be renewed by itself. */
  renews: boolean | null;
  /** When access runs out, when it is due to be renewed, when the connection was made. */
  runsOut: Window | null;
  due: Window | null;
  created: Window | null;
  /** A merchant. */
  owner: string | null;
  /** Null: as `listOrder` says. */
  sort: ListSort | null;
};

export const noCriteria: Criteria = {
  text: "",
  states: [],
  offer: null,
  environment: null,
  cause: null,
  renews: null,
  runsOut: null,
  due: null,
  created: null,
  owner: null,
  sort: null,
};

const word = (text: string | undefined): string | null => (text && /^[\w.-]{1,64}$/.test(text) ? text : null);
const id = (text: string | undefined): string | null => (text && isId(text) ? text : null);
const isState = (text: string): text is HealthState => (healthStates as readonly string[]).includes(text);
const statesOf = (text: string): HealthState[] => healthStates.filter((state) => text.split(",").includes(state));
const yesOrNo = (text: string | undefined): boolean | null => (text === "yes" || text === "no" ? text === "yes" : null);

/** Operators that may stand among the typed words, as `provider:…`: what each makes of its value, null where that is none. */
const operators: Record<string, (value: string) => Partial<Criteria> | null> = {
  status: (value) => (value.split(",").every(isState) ? { states: statesOf(value) } : null),
  provider: (value) => (word(value) === null ? null : { offer: value }),
  env: (value) => (word(value) === null ? null : { environment: value }),
  cause: (value) => (word(value) === null ? null : { cause: value }),
  owner: (value) => (id(value) === null ? null : { owner: value }),
  renews: (value) => (yesOrNo(value) === null ? null : { renews: yesOrNo(value) }),
};
const spelt: Record<string, string> = { state: "status", offer: "provider", platform: "provider", environment: "env" };

/** As a page's address gives it: a form names several states one by one. */
export type ListQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a page's query asks for; what is not understood in it counts as not asked, or as words to be found. */
export function criteriaOf(asked: ListQuery): Criteria {
  const query = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, typeof value === "string" ? value : value?.[0]]));
  const { typed, text } = understood(typedText((query.q ?? "").slice(0, 200)));
  return {
    text,
    states: statesOf([asked.state ?? []].flat().join(",")),
    offer: word(query.offer),
    environment: word(query.env),
    cause: word(query.cause),
    renews: yesOrNo(query.renews),
    runsOut: windowOf(query.runs_out ?? ""),
    due: windowOf(query.due ?? ""),
    created: windowOf(query.created ?? ""),
    owner: id(query.owner),
    sort: listSorts.find((sort) => sort === query.sort) ?? null,
    ...typed,
  };
}

function understood(q: string): { typed: Partial<Criteria>; text: string } {
  let typed: Partial<Criteria> = {};
  const rest = q.split(/\s+/).filter((part) => {
    const [, name = "", value = ""] = /^([a-z]+):(\S+)$/i.exec(part) ?? [];
    const known = operators[spelt[name.toLowerCase()] ?? name.toLowerCase()]?.(value);
    if (known) typed = { ...typed, ...known };
    return !known;
  });
  return { typed, text: rest.join(" ") };
}

/** The query that asks for it again, in one spelling. */
export function criteriaQuery(criteria: Criteria): URLSearchParams {
  const { text, states, offer, environment, cause, renews, runsOut, due, created, owner, sort } = criteria;
  const query = new URLSearchParams();
  const put = (name: string, value: string | null | undefined) => {
    if (value) query.set(name, value);
  };
  put("q", text);
  put("state", states.join(","));
  put("offer", offer);
  put("env", environment);
  put("cause", cause);
  put("renews", renews === null ? null : renews ? "yes" : "no");
  put("runs_out", runsOut && windowText(runsOut));
  put("due", due && windowText(due));
  put("created", created && windowText(created));
  put("owner", owner);
  put("sort", sort);
  return query;
}

const attention = (
  ["needs_reconnect", "expiring_soon", "pending", "expired_renewable", "unknown", "refresh_failing", "renewal_late"] as const
).toSorted((a, b) => healthStates.indexOf(a) - healthStates.indexOf(b));

/** Lists that everybody has; the first one is shown where nothing is asked for, rather than a page of a million that are well. */
export const builtInViews = {
  attention: { ...noCriteria, states: attention },
  runs_out: { ...noCriteria, runsOut: { days: 7 }, renews: false },
  late: { ...noCriteria, states: ["renewal_late"] },
  all: { ...noCriteria, sort: "attention" },
} as const satisfies Record<string, Criteria>;

export const asksNothing = (criteria: Criteria): boolean => criteriaQuery(criteria).size === 0;

/** Whether anything narrows the list: an order does not. */
export const narrows = (criteria: Criteria): boolean => criteriaQuery({ ...criteria, sort: null }).size > 0;

/** By the moment that it is narrowed by, where no order is asked for. Sorted by a moment, a list is of those that have it. */
export const listOrder = ({ sort, runsOut }: Criteria): ListSort => sort ?? (runsOut === null ? "attention" : "runs_out");
