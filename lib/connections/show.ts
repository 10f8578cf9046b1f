import { database } from "@/db/client";
import { timelineOf } from "@/db/connection-lists";
import { findMerchant } from "@/db/merchants";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { ownConnection } from "./renew";
import { siblingsOf } from "./revoke";
import { type ConnectionView, view } from "./view";

export type TimelineEntry = { id: number; at: Date; kind: string; actor: string | null; reason: string | null; facts: Record<string, string | number | boolean | null> };

export type Shown = { connection: ConnectionView; timeline: TimelineEntry[]; siblings: { id: string; name: string | null }[]; asOf: Date };

const TIMELINE = 50;

/** One connection with its story. Reasons that staff gave are shown to staff only. */
export async function show(actor: UserActor, id: string): Promise<Shown> {
  const row = await ownConnection(actor, id, "connection.read");
  const [asOf, merchant, events, siblings] = await Promise.all([
    readClock(database()),
    findMerchant(database(), row.merchantId),
    timelineOf(database(), row.id, TIMELINE),
    siblingsOf(actor, row),
  ]);
  const staff = actor.role !== "merchant";
  return {
    asOf,
    connection: view(row, merchant?.name ?? "", asOf),
    timeline: events.map((event) => ({ id: event.id, at: event.at, kind: event.kind, actor: staff || event.actorKind !== "user" ? event.actorName : null, reason: staff ? event.reason : null, facts: event.facts })),
    siblings: siblings.map((sibling) => ({ id: sibling.id, name: sibling.label ?? sibling.accountLabel ?? sibling.accountId })),
  };
}
