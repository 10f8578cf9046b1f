import { database } from "@/db/client";
import type { Narrowing } from "@/db/connection-criteria";
import { kindOfId } from "@/db/connection-lists";
import { isId } from "@/lib/ids";
import { type Criteria, listOrder } from "./criteria";
import { patternsOf, rarestPart } from "./patterns";
import { spanOf } from "./window";

/** Criteria as the database takes them, as of `now`. A text that is a whole id of ours stands for what it names. */
export async function narrowingOf(criteria: Criteria, now: Date): Promise<Narrowing> {
  const { text, runsOut, due, created, owner } = criteria;
  const order = listOrder(criteria);
  const named = /^[a-z]+_\w+$/.test(text) && isId(text) ? await kindOfId(database(), text) : null;
  return {
    states: criteria.states,
    offer: criteria.offer,
    environment: criteria.environment,
    cause: criteria.cause,
    renews: criteria.renews,
    runsOut: runsOut && spanOf(runsOut, now, "ahead"),
    due: due && spanOf(due, now, "ahead"),
    created: created && spanOf(created, now, "back"),
    owner: named === "merchant" ? text : owner,
    id: named === "connection" ? text : null,
    moment: order === "no_return" || order === "runs_out" ? order : null,
    patterns: named === null ? patternsOf(text) : [],
    rarest: named === null ? rarestPart(text) : null,
  };
}
