import { z } from "zod";
import type { Possible, Selection } from "@/db/bulk-selection";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { canRenew } from "@/lib/connections/can-renew";
import { criteriaOf } from "@/lib/connections/criteria";
import { narrowingOf } from "@/lib/connections/narrowing";
import { isId } from "@/lib/ids";
import { offers } from "@/lib/offers/offers";
import { bulkActs } from "./acts";

/** As many as the longest page of the list shows. */
const MOST_NAMED = 100;

/** What a form of the list sends: an act, and connections by id or, with `all`, everything that its query matches. */
const schema = z.object({
  act: z.enum(bulkActs),
  all: z.literal("1").optional().catch(undefined),
  id: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value) => [...new Set([value ?? []].flat())].filter(isId).slice(0, MOST_NAMED)),
  query: z.string().max(2_000).optional().catch(undefined),
});

export type Chosen = { act: z.infer<typeof schema>["act"]; ids: string[]; query: string | null };

/** Null: nothing that could be done is named. */
export function chosenOf(input: unknown): Chosen | null {
  const parsed = schema.safeParse(input);
  if (!parsed.success) return null;
  const { act, all, id, query } = parsed.data;
  return all ? { act, ids: [], query: query ?? "" } : { act, ids: id, query: null };
}

/** What was chosen, as of now: so many days from now on are other days later. `current`: no state is in doubt. */
export async function selectionOf({ ids, query }: Chosen, current: boolean): Promise<Selection> {
  if (query === null) return { ids };
  const criteria = criteriaOf(Object.fromEntries(new URLSearchParams(query)));
  return { narrowing: await narrowingOf(criteria, await readClock(database())), sure: !current && criteria.states.length > 0 };
}

export function possible(): Possible {
  const slugs = (renewable: boolean) => offers().flatMap(({ slug }) => (canRenew({ offer: slug, renewable }) ? [slug] : []));
  return { configured: offers().map(({ slug }) => slug), renewing: slugs(true), renewingWithout: slugs(false) };
}
