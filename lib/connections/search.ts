import { z } from "zod";
import { database } from "@/db/client";
import type { Place } from "@/db/connection-facts";
import { countRows, type Filter, type Order, type PlacedRow, searchRows } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { typedText } from "@/lib/ids";
import { attention, type HealthState, healthStates } from "./health";
import { restate } from "./restate";
import { type ConnectionView, view } from "./view";

/** `<which of the orders>.<microseconds>.<id>` of the row at a page's edge. */
const CURSOR = /^(\d)\.(-?\d{1,16})\.([\w-]{1,64})$/;

const cursorSchema = z.string().regex(CURSOR).optional().catch(undefined);
const schema = z.object({
  q: z.string().max(200).transform(typedText).optional().catch(undefined),
  state: z.enum(healthStates).optional().catch(undefined),
  offer: z.string().max(64).optional().catch(undefined),
  sort: z.enum(["attention", "no_return"]).optional().catch(undefined),
  after: cursorSchema,
  before: cursorSchema,
});

export type Asked = z.infer<typeof schema>;

/** What a query asks for; what is unknown in it counts as not asked. */
export function askedOf(query: unknown): Asked {
  return schema.parse(query);
}

/** What to ask again with for another page. */
export type Cursor = Pick<Asked, "after" | "before">;

export type Found = {
  rows: ConnectionView[];
  asOf: Date;
  asked: Asked;
  /** How many match; `more`, where the counting stopped there. */
  total: number;
  more: boolean;
  /** False: more states had changed than could be worked out at once, and the next look knows more. */
  current: boolean;
  previous: Cursor | null;
  next: Cursor | null;
};

type Spot = { which: number; place: Place };
type Ranked = PlacedRow & { which: number };

const byAttention = [...healthStates].sort((a, b) => attention[a] - attention[b]);

/** Staff's view over all merchants, those that need somebody first, or those that soon only their owner can mend. */
export async function search(actor: UserActor, input: unknown, limits = { page: 50, count: 10_000 }): Promise<Found> {
  authorize(actor, "support.search");
  const asked = askedOf(input);
  const current = await restate();
  const asOf = await readClock(database());
  const filter: Filter = { text: asked.q || null, offer: asked.offer || null };
  const orders = ordersOf(asked);
  const back = asked.after === undefined && asked.before !== undefined;
  const from = spotOf(asked.after ?? asked.before);
  const [found, counted] = await Promise.all([
    walk(filter, orders, from, back, limits.page + 1),
    countRows(database(), filter, orders, limits.count + 1),
  ]);
  const extra = found.length > limits.page;
  const page = back && extra ? found.slice(1) : found.slice(0, limits.page);
  const [first, last] = [page[0], page.at(-1)];
  return {
    // What changed since it was stored is not what was asked for.
    rows: page
      .map((row) => view(row.connection, row.merchantName, asOf))
      .filter(({ state }) => asked.state === undefined || state === asked.state),
    asOf,
    asked,
    total: Math.min(counted, limits.count),
    more: counted > limits.count,
    current,
    previous: first && (back ? extra : from !== null) ? { before: cursorOf(first) } : null,
    next: last && (back || extra) ? { after: cursorOf(last) } : null,
  };
}

function ordersOf({ sort, state }: Asked): Order[] {
  if (sort === "no_return") return [{ by: "no_return", states: state ? [state] : null }];
  return (state ? [state] : byAttention).map((one: HealthState) => ({ by: "state", state: one }));
}

/** Through the orders one after the other, from the spot on, until there are enough rows. */
async function walk(filter: Filter, orders: readonly Order[], from: Spot | null, back: boolean, limit: number): Promise<Ranked[]> {
  const rows: Ranked[] = [];
  const start = from?.which ?? (back ? orders.length - 1 : 0);
  for (let which = start; which >= 0 && which < orders.length && rows.length < limit; which += back ? -1 : 1) {
    const order = orders[which];
    if (!order) break;
    const place = from?.which === which ? from.place : null;
    const found = await searchRows(database(), filter, order, { place, back, limit: limit - rows.length });
    const ranked = found.map((row) => ({ ...row, which }));
    if (back) rows.unshift(...ranked);
    else rows.push(...ranked);
  }
  return rows;
}

function spotOf(cursor: string | undefined): Spot | null {
  const [, which, at, id] = CURSOR.exec(cursor ?? "") ?? [];
  return which && at && id ? { which: Number(which), place: { at, id } } : null;
}

const cursorOf = ({ which, place }: Ranked): string => `${which}.${place.at}.${place.id}`;
