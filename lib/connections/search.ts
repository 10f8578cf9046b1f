import { z } from "zod";
import { database } from "@/db/client";
import { listByIds, type Place, searchFacts } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { typedText } from "@/lib/ids";
import { attention, healthStates } from "./health";
import { type ConnectionView, stateOf, view } from "./view";

const WINDOW = /^(-?\d{1,16})\.([\w-]{1,64})$/;
const POSITION = /^(\d)\.(-?\d{1,16})\.([\w-]{1,64})$/;

const schema = z.object({
  q: z.string().max(200).transform(typedText).optional().catch(undefined),
  state: z.enum(healthStates).optional().catch(undefined),
  offer: z.string().max(64).optional().catch(undefined),
  from: z.string().regex(WINDOW).optional().catch(undefined),
  after: z.string().regex(POSITION).optional().catch(undefined),
});

export type Asked = z.infer<typeof schema>;

/** What a query asks for; what is unknown in it counts as not asked. */
export function askedOf(query: unknown): Asked {
  return schema.parse(query);
}

/** What to ask again with for another page. */
export type Cursor = Pick<Asked, "from" | "after">;

export type Found = {
  rows: ConnectionView[];
  asOf: Date;
  asked: Asked;
  /** How many match among those looked at. */
  total: number;
  /** Null: all of them were looked at. Else this many, in order of their last change; the rest follow on later pages. */
  lookedAt: number | null;
  previous: Cursor | null;
  next: Cursor | null;
};

type Placed = Place & { rank: number };

/**
 * Staff's view over all merchants, those that need somebody first. A state is worked out from each row's facts, so rows are looked at
 * in windows of `limits.window`, from the last changed on; within one the order is exact, and its last page leads to the next.
 */
export async function search(actor: UserActor, input: unknown, limits = { page: 50, window: 10_000 }): Promise<Found> {
  authorize(actor, "support.search");
  const asked = askedOf(input);
  const asOf = await readClock(database());
  const facts = await searchFacts(database(), {
    text: asked.q || null,
    offer: asked.offer || null,
    after: windowStart(asked),
    limit: limits.window + 1,
  });
  const looked = facts.slice(0, limits.window);
  const placed = looked
    .map((row) => ({ at: row.at, id: row.id, state: stateOf(row, asOf) }))
    .filter(({ state }) => asked.state === undefined || state === asked.state)
    .map(({ at, id, state }): Placed => ({ at, id, rank: attention[state] }))
    .sort(byPlace);
  const position = POSITION.exec(asked.after ?? "");
  const before = position ? { rank: Number(position[1]), at: position[2] ?? "", id: position[3] ?? "" } : null;
  const start = before ? placed.filter((place) => byPlace(place, before) <= 0).length : 0;
  const page = placed.slice(start, start + limits.page);
  const beyond = facts.length > limits.window ? looked.at(-1) : undefined;
  return {
    rows: await views(page, asOf),
    asOf,
    asked,
    total: placed.length,
    lookedAt: beyond || asked.from ? looked.length : null,
    previous: start > 0 ? { from: asked.from, after: cursorOf(placed[start - limits.page - 1]) } : asked.from ? {} : null,
    next:
      start + page.length < placed.length
        ? { from: asked.from, after: cursorOf(page.at(-1)) }
        : beyond
          ? { from: `${beyond.at}.${beyond.id}` }
          : null,
  };
}

function windowStart(asked: Asked): Place | null {
  const [, at, id] = WINDOW.exec(asked.from ?? "") ?? [];
  return at && id ? { at, id } : null;
}

const cursorOf = (place: Placed | undefined): string | undefined => place && `${place.rank}.${place.at}.${place.id}`;

const byPlace = (a: Placed, b: Placed): number =>
  a.rank - b.rank || Number(b.at) - Number(a.at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

async function views(page: Placed[], asOf: Date): Promise<ConnectionView[]> {
  const ids = page.map(({ id }) => id);
  const found = new Map((await listByIds(database(), ids)).map((row) => [row.connection.id, row]));
  return ids.flatMap((id) => {
    const row = found.get(id);
    return row ? [view(row.connection, row.merchantName, asOf)] : [];
  });
}
