import { database, transaction } from "@/db/client";
import { listEvents } from "@/db/event-lists";
import { type SealOf, sealsOf } from "@/db/event-seals";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { CSV_BEGIN, csvLine } from "@/lib/csv-line";
import { type AuditCriteria, auditQuery } from "./audit-criteria";
import { eventFilter } from "./event-filter";
import { type EventView, viewEvents } from "./event-view";
import { sealWaiting } from "./seal-waiting";

const columns = ["id", "time_utc", "event", "result", "who", "who_id", "address", "connection", "connection_id", "merchant", "merchant_id"];

/** All that fits and is sealed, the newest first, a stretch at a time as somebody reads it. That it was taken is told before the first line. */
export async function exportAudit(actor: Actor, criteria: AuditCriteria, stretch = 1_000): Promise<AsyncGenerator<string>> {
  authorize(actor, "audit.read");
  const filter = await eventFilter(database(), criteria);
  await transaction((tx) => insertEvent(tx, { kind: "audit.exported", actor, facts: { filter: auditQuery(criteria).toString() } }));
  while (await sealWaiting());
  return lines();

  async function* lines(): AsyncGenerator<string> {
    yield CSV_BEGIN + csvLine([...columns, "reason", "facts", "place", "hash"]);
    for (let olderThan: number | null = Number.MAX_SAFE_INTEGER; filter && olderThan !== null; ) {
      const rows = await listEvents(database(), filter, { olderThan }, stretch);
      const views = await viewEvents(database(), rows);
      const seals = await sealsOf(
        database(),
        rows.map(({ id }) => id),
      );
      // What came meanwhile and has no place yet stands in the next file.
      const sealed = views.flatMap((view) => {
        const seal = seals.get(view.id);
        return seal ? [line(view, seal)] : [];
      });
      if (sealed.length > 0) yield sealed.join("");
      olderThan = rows.length < stretch ? null : (rows.at(-1)?.id ?? null);
    }
  }
}

/** What a terminal or a reader of lines takes for a line's end or a command, so that nobody's name writes one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const visible = (text: string | null | undefined) =>
  text?.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

function line({ id, at, kind, denied, actor, address, connection, merchant, reason, facts }: EventView, { seq, hash }: SealOf): string {
  const who = [visible(actor.name), visible(actor.id), address];
  const what = [visible(connection?.name), connection?.id, visible(merchant?.name), merchant?.id];
  const result = denied ? "denied" : "done";
  return csvLine([id, at.toISOString(), kind, result, ...who, ...what, visible(reason), visible(JSON.stringify(facts)), seq, hash]);
}
