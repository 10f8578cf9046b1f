import { database } from "@/db/client";
import type { Narrowing } from "@/db/connection-criteria";
import { kindOfId } from "@/db/connection-lists";
import { isId } from "@/lib/ids";
import { type Criteria, listOrder } from "./criteria";
import { patternsOf, rarestPart } from "./patterns";
import { spanOf } from "./window";

/** What a list is held to, whatever it is asked for. Null: nothing. */
export type Within = Pick<Narrowing, "owners" | "offers" | "account">;

const everything: Within = { owners: null, offers: null, account: null };

/** Criteria as the database takes them, as of `now`. A text that is a whole id of ours stands for what it names. */
export async function narrowingOf(criteria: Criteria, now: Date, within: Within = everything): Promise<Narrowing> {
  const { text, runsOut, due, created, owner } = criteria;
  const order = listOrder(criteria);
  const named = /^[a-z]+_\w+$/.test(text) && isId(text) ? await kindOfId(database(), text) : null;
  const asked = named === "merchant" ? text : owner;
  return {
    states: criteria.states,
    offers: both(criteria.offer, within.offers),
    environment: criteria.environment,
    cause: criteria.cause,
    renews: criteria.renews,
    runsOut: runsOut && spanOf(runsOut, now, "ahead"),
    due: due && spanOf(due, now, "ahead"),
    created: created && spanOf(created, now, "back"),
    owners: both(asked, within.owners),
    account: within.account,
    id: named === "connection" ? text : null,
    moment: order === "attention" || order === "updated" ? null : order,
    patterns: named === null ? patternsOf(text) : [],
    rarest: named === null ? rarestPart(text) : null,
  };
}

/** One value among those that are let through. */
export function both(asked: string | null, among: readonly string[] | null): readonly string[] | null {
  if (asked === null) return among;
  return among === null || among.includes(asked) ? [asked] : [];
}
