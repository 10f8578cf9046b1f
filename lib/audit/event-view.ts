import type { Executor } from "@/db/client";
import { connectionNames, type EventRow } from "@/db/event-lists";
import { merchantNames } from "@/db/merchants";

export type EventView = Pick<EventRow, "id" | "at" | "kind" | "reason" | "facts" | "attemptId"> & {
  actor: { kind: string; id: string | null; name: string };
  /** Null: where it came from is not known. */
  address: string | null;
  denied: boolean;
  connection: { id: string; name: string } | null;
  merchant: { id: string; name: string } | null;
};

const known = (ids: (string | null)[]) => [...new Set(ids)].filter((id) => id !== null);

/** Events with the names of what they are about. */
export async function viewEvents(db: Executor, rows: EventRow[]): Promise<EventView[]> {
  const [connections, merchants] = await Promise.all([
    connectionNames(db, known(rows.map(({ connectionId }) => connectionId))),
    merchantNames(db, known(rows.map(({ merchantId }) => merchantId))),
  ]);
  const named = (id: string | null, names: Map<string, string>) => (id === null ? null : { id, name: names.get(id) ?? id });
  return rows.map(({ id, at, kind, reason, facts, attemptId, actorKind, actorId, actorName, actorAddress, connectionId, merchantId }) => ({
    id,
    at,
    kind,
    reason,
    facts,
    attemptId,
    actor: { kind: actorKind, id: actorId, name: actorName ?? "" },
    address: actorAddress,
    denied: kind === "access.denied",
    connection: named(connectionId, connections),
    merchant: named(merchantId, merchants),
  }));
}
