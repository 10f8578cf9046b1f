import { database } from "@/db/client";
import { type EventPlace, findEvent, listEvents } from "@/db/event-lists";
import { readClock } from "@/db/read-clock";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import type { AuditCriteria } from "./audit-criteria";
import { eventFilter } from "./event-filter";
import { type EventView, viewEvents } from "./event-view";

const PAGE = 50;

export type AuditPage = {
  rows: EventView[];
  /** The event that the address opens; null: none, or it is not there. */
  opened: EventView | null;
  /** The ids that the pages beside this one go on from. */
  newer: number | null;
  older: number | null;
  asOf: Date;
};

const idOf = (text: string | undefined) => (text && /^\d{1,15}$/.test(text) ? Number(text) : null);

function placeOf({ before, after }: Record<string, string | undefined>): EventPlace {
  const [olderThan, newerThan] = [idOf(before), idOf(after)];
  if (olderThan !== null) return { olderThan };
  return newerThan === null ? null : { newerThan };
}

/** One page of what happened, the newest first, and one event with all that is known of it. */
export async function showAudit(
  actor: Actor,
  criteria: AuditCriteria,
  query: Record<string, string | undefined>,
  limit = PAGE,
): Promise<AuditPage> {
  authorize(actor, "audit.read");
  const db = database();
  const place = placeOf(query);
  const one = idOf(query.event);
  const [filter, asOf, single] = await Promise.all([eventFilter(db, criteria), readClock(db), one === null ? null : findEvent(db, one)]);
  const found = filter ? await listEvents(db, filter, place, limit + 1) : [];
  const back = place !== null && "newerThan" in place;
  const more = found.length > limit;
  const shown = back ? found.slice(-limit) : found.slice(0, limit);
  const views = await viewEvents(db, single ? [...shown, single] : shown);
  return {
    opened: single ? (views.pop() ?? null) : null,
    rows: views,
    newer: (back ? more : place !== null) ? (shown[0]?.id ?? null) : null,
    older: (back ? shown.length > 0 : more) ? (shown.at(-1)?.id ?? null) : null,
    asOf,
  };
}
