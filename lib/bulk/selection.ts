import { z } from "zod";
import type { Possible, Selection } from "@/db/bulk-selection";
import { canRenew } from "@/lib/connections/can-renew";
import { askedOf } from "@/lib/connections/search";
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

export function selectionOf({ ids, query }: Chosen): Selection {
  if (query === null) return { ids };
  const { q, state, offer } = askedOf(Object.fromEntries(new URLSearchParams(query)));
  return { filter: { text: q || null, offer: offer || null }, states: state ? [state] : null };
}

export function possible(): Possible {
  const slugs = (renewable: boolean) => offers().flatMap(({ slug }) => (canRenew({ offer: slug, renewable }) ? [slug] : []));
  return { configured: offers().map(({ slug }) => slug), renewing: slugs(true), renewingWithout: slugs(false) };
}
