import { database } from "@/db/client";
import { lastPlace } from "@/db/event-chain";
import { type FedEvent, feed } from "@/db/event-seals";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";
import { sealWaiting } from "./seal-waiting";

/** What happens to connections and merchants, and what platforms do to them. What people do among themselves is no backend's business. */
const told = {
  nouns: ["connection", "attempt", "grant", "merchant", "incident", "link", "caller"],
  kinds: ["offer.published", "offer.unpublished", "offer.paused", "offer.resumed", "offer.deleted"],
} as const;

/** What staff wrote down for staff, and who somebody is. */
const WITHHELD = new Set(["ticket", "run", "email", "address"]);

const ADDRESS = /^\S+@\S+$/;

const MOST = 2_000;
const MOST_BATCHES = 50;

export type Feed = {
  events: FedEvent[];
  /** Where to go on: nothing that is told later stands before it. */
  next: number;
  /** More can be had at once. */
  more: boolean;
};

/**
 * What happened, in an order that never changes and in which nothing is added before what was told. `after` null: nothing, but from where on what
 * is yet to come follows.
 */
export async function readFeed(actor: KeyActor, { after, limit }: { after: number | null; limit: number }, most = MOST): Promise<Feed> {
  authorize(actor, "event.list");
  // As many get their place at once as are looked at: where some are left, so many were looked at, and `more` says so.
  const left = await sealWaiting(most);
  if (after === null) return { events: [], next: await fromNowOn(left, most), more: false };
  const { merchantIds, offers } = actor;
  const { events, edge, looked } = await feed(database(), after, { ...told, merchantIds, offers }, { limit, most });
  const last = events.length === limit ? (events.at(-1)?.seq ?? edge) : edge;
  return { events: events.map(withoutNotes), next: last, more: last < edge || looked === most };
}

/** Behind everything that happened until now, which has to have its place for that. */
async function fromNowOn(left: boolean, most: number): Promise<number> {
  for (let batches = 1; left; batches += 1) {
    if (batches === MOST_BATCHES) throw new AppError("events_waiting", 503);
    left = await sealWaiting(most);
  }
  return (await lastPlace(database()))?.seq ?? 0;
}

function withoutNotes(event: FedEvent): FedEvent {
  // Who has not said their name goes by their address.
  const actorName = event.actorKind === "user" && ADDRESS.test(event.actorName ?? "") ? null : event.actorName;
  return { ...event, actorName, facts: Object.fromEntries(Object.entries(event.facts).filter(([name]) => !WITHHELD.has(name))) };
}
