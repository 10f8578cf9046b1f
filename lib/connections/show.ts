import { findHolder } from "@/db/activate";
import { database } from "@/db/client";
import { type TimelineRow, timelineOf } from "@/db/connection-lists";
import type { Connection } from "@/db/connections";
import { merchantNames } from "@/db/merchants";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { ownConnection } from "./renew";
import { siblingsOf } from "./revoke";
import { type ConnectionView, view } from "./view";

export type TimelineEntry = {
  id: number;
  at: Date;
  kind: string;
  actor: string | null;
  reason: string | null;
  attemptId: string | null;
  facts: TimelineRow["facts"];
};

/** Another connection, as far as it must be named here. */
export type Neighbour = { id: string; name: string | null; merchantName: string };

export type Shown = {
  connection: ConnectionView;
  timeline: TimelineEntry[];
  /** Live connections of the same account that a full revocation ends too. */
  siblings: Neighbour[];
  /** For staff: who holds the account that this parked row could not become a connection of. */
  holder: Neighbour | null;
  asOf: Date;
};

const TIMELINE = 50;

/** One connection with its story. Reasons that staff gave, and who else holds an account, are shown to staff only. */
export async function show(actor: UserActor, id: string): Promise<Shown> {
  const row = await ownConnection(actor, id, "connection.read");
  const staff = actor.role !== "merchant";
  const [asOf, events, siblings, holder] = await Promise.all([
    readClock(database()),
    timelineOf(database(), row.id, TIMELINE),
    siblingsOf(actor, row),
    staff ? holderOf(row) : null,
  ]);
  const others = holder ? [...siblings, holder] : siblings;
  const names = await merchantNames(
    database(),
    [row, ...others].map(({ merchantId }) => merchantId),
  );
  const name = ({ merchantId }: Connection) => names.get(merchantId) ?? "";
  const neighbour = (other: Connection) => ({
    id: other.id,
    name: other.label ?? other.accountLabel ?? other.accountId,
    merchantName: name(other),
  });
  return {
    asOf,
    connection: view(row, name(row), asOf),
    timeline: events.map((event) => ({
      id: event.id,
      at: event.at,
      kind: event.kind,
      actor: staff || event.actorKind !== "user" ? event.actorName || null : null,
      reason: staff ? event.reason : null,
      attemptId: event.attemptId,
      facts: staff ? event.facts : withoutNotes(event.facts),
    })),
    siblings: siblings.map(neighbour),
    holder: holder ? neighbour(holder) : null,
  };
}

/** What staff wrote down for staff. */
function withoutNotes({ ticket: _ticket, run: _run, by = null, ...facts }: TimelineRow["facts"]): TimelineRow["facts"] {
  // Who of staff made a link is staff's business, as who did anything else; a backend's name is not.
  return facts.byKind === "key" ? { ...facts, by } : facts;
}

async function holderOf(row: Connection): Promise<Connection | null> {
  if (row.status !== "pending" || row.troubleCode !== "held_elsewhere" || row.accountId === null) return null;
  return findHolder(database(), row.offer, row.environment, row.accountId);
}
