import type { Executor } from "@/db/client";
import { type Head, type Place, placesAfter } from "@/db/event-chain";
import type { Chain } from "./chain";

/**
 * `missing`: a place is gone; `deleted`: its event is; `inserted`: it was never sealed; `swapped`: another place's event stands there;
 * `edited`: something else does; `truncated`: the end is gone; `replaced`: another history since that head was kept; `beginning`: where
 * the chain begins is not what was made there; `other_key`: it was begun with another key.
 */
export type Wrong = "missing" | "deleted" | "inserted" | "swapped" | "edited" | "truncated" | "replaced" | "beginning" | "other_key";

const PAGE = 5_000;

/** What is wrong with what stands after a place that is proved; null: nothing. */
export async function whatIsWrong(db: Executor, before: Head, place: Place, chain: Chain): Promise<Wrong | null> {
  const seq = before.seq + 1;
  if (place.seq !== seq) return "missing";
  if (place.text === null) return "deleted";
  if (place.hash === chain.link(before.hash, seq, place)) return null;
  return explain(db, before, place, chain);
}

/** Whoever finds a place changed wants to know how, and it is worth reading on for. */
async function explain(db: Executor, before: Head, place: Place, chain: Chain): Promise<Wrong> {
  const here = (event: { eventId: number; text: string | null }) => chain.link(before.hash, place.seq, event);
  let next = true;
  for (let seq = place.seq; ; ) {
    const page = await placesAfter(db, seq, PAGE);
    for (const other of page) {
      if (next && other.hash === here(other)) return "inserted";
      next = false;
      if (place.hash === here(other) || place.hash === here({ eventId: place.eventId, text: withId(other.text, place.eventId) }))
        return "swapped";
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return "edited";
    seq = last.seq;
  }
}

/** The id is what such a text begins with. */
const withId = (text: string | null, id: number) => text?.replace(/^\[\{"id": \d+/, `[{"id": ${id}`) ?? null;
