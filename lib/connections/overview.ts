import { z } from "zod";
import { database } from "@/db/client";
import { type ExpiryPlace, listByExpiry } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import { countStates } from "@/db/states";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type HealthState, healthStates } from "./health";
import { restate } from "./restate";
import { type ConnectionView, view } from "./view";

const CURSOR = /^(none|-?\d{1,16})\.([\w-]{1,64})$/;

const schema = z.object({
  after: z.string().regex(CURSOR).optional().catch(undefined),
  before: z.string().regex(CURSOR).optional().catch(undefined),
});

export type Overview = {
  /** How many of all connections are in each state: the same numbers that search() finds. */
  counts: Record<HealthState, number>;
  /** How many are in none of them, because their state changed and is yet to be worked out. */
  behind: number;
  rows: ConnectionView[];
  asOf: Date;
  /** Cursors of the pages on both sides; null: there is none. */
  previous: string | null;
  next: string | null;
};

/** How many connections are in each state, and a page of the live ones by when their access runs out. */
export async function overview(actor: UserActor, input: unknown, limits = { page: 100, restated: 5_000 }): Promise<Overview> {
  authorize(actor, "health.read");
  const { after, before } = schema.parse(input);
  await restate(limits.restated);
  const asOf = await readClock(database());
  const from = after ? { after: place(after) } : before ? { before: place(before) } : null;
  const [{ counts, behind }, found] = await Promise.all([countStates(database()), listByExpiry(database(), from, limits.page + 1)]);
  const back = from !== null && "before" in from;
  const extra = found.length > limits.page;
  const page = back && extra ? found.slice(1) : found.slice(0, limits.page);
  const [first, last] = [page[0], page.at(-1)];
  return {
    counts: Object.fromEntries(healthStates.map((state) => [state, counts.get(state) ?? 0])) as Record<HealthState, number>,
    behind,
    asOf,
    rows: page.map((row) => view(row.connection, row.merchantName, asOf)),
    previous: first && (back ? extra : from !== null) ? cursor(first.place) : null,
    next: last && (back || extra) ? cursor(last.place) : null,
  };
}

function place(text: string): ExpiryPlace {
  const [, at = "none", id = ""] = CURSOR.exec(text) ?? [];
  return { at: at === "none" ? null : at, id };
}

const cursor = ({ at, id }: ExpiryPlace): string => `${at ?? "none"}.${id}`;
