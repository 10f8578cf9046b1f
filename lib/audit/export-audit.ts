import { database, transaction } from "@/db/client";
import { listEvents } from "@/db/event-lists";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { CSV_BEGIN, csvLine } from "@/lib/csv-line";
import { type AuditCriteria, auditQuery } from "./audit-criteria";
import { eventFilter } from "./event-filter";
import { type EventView, viewEvents } from "./event-view";

const columns = ["id", "time_utc", "event", "result", "who", "who_id", "address", "connection", "connection_id", "merchant", "merchant_id"];

/** All that fits, the newest first, a stretch at a time as somebody reads it. That it was taken is told before the first line. */
export async function exportAudit(actor: Actor, criteria: AuditCriteria, stretch = 1_000): Promise<AsyncGenerator<string>> {
  authorize(actor, "audit.read");
  const filter = await eventFilter(database(), criteria);
  await transaction((tx) => insertEvent(tx, { kind: "audit.exported", actor, facts: { filter: auditQuery(criteria).toString() } }));
  return lines();

  async function* lines(): AsyncGenerator<string> {
    yield CSV_BEGIN + csvLine([...columns, "reason", "facts"]);
    for (let olderThan: number | null = Number.MAX_SAFE_INTEGER; filter && olderThan !== null; ) {
      const rows = await listEvents(database(), filter, { olderThan }, stretch);
      const views = await viewEvents(database(), rows);
      if (views.length > 0) yield views.map(line).join("");
      olderThan = rows.length < stretch ? null : (rows.at(-1)?.id ?? null);
    }
  }
}

const line = ({ id, at, kind, denied, actor, address, connection, merchant, reason, facts }: EventView) =>
  csvLine([
    id,
    at.toISOString(),
    kind,
    denied ? "denied" : "done",
    actor.name,
    actor.id,
    address,
    connection?.name,
    connection?.id,
    merchant?.name,
    merchant?.id,
    reason,
    JSON.stringify(facts),
  ]);
