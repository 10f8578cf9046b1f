import { database } from "@/db/client";
import { proxyCallsOf } from "@/db/proxy-calls";
import { readClock } from "@/db/read-clock";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { ownConnection } from "@/lib/connections/renew";

/** How a call ended where not with the end of the platform's answer. */
const ends = [
  "gone",
  "cut",
  "late",
  "caller_gone",
  "platform_late",
  "platform_unreachable",
  "no_whole_answer",
  "address_not_allowed",
] as const;

export type CallView = {
  id: number;
  at: Date;
  /** Of the key that it was made with; its id where it has no name any more. */
  keyName: string;
  method: string;
  path: string;
  status: number | null;
  failure: (typeof ends)[number] | "internal" | null;
  /** Null: it is under way, or ended with the process that made it. */
  ms: number | null;
};

export type Calls = { storeName: string | null; rows: CallView[]; before: number | null; isFirst: boolean; asOf: Date };

const PAGE = 50;

/** What backends had Latchkey call for a connection, the newest first. `before`: where the page before ended. */
export async function showCalls(actor: Actor, id: string, before: unknown, limit = PAGE): Promise<Calls> {
  authorize(actor, "support.search");
  const connection = await ownConnection(actor, id, "connection.read");
  const place = typeof before === "string" && /^\d{1,15}$/.test(before) ? Number(before) : null;
  const [asOf, rows] = await Promise.all([readClock(database()), proxyCallsOf(database(), connection.id, place, limit + 1)]);
  const shown = rows.slice(0, limit);
  return {
    storeName: connection.label ?? connection.accountLabel ?? connection.accountId,
    rows: shown.map(({ keyName, keyId, failure, connectionId: _connection, ...row }) => ({
      ...row,
      keyName: keyName ?? keyId,
      failure: failure === null ? null : (ends.find((end) => end === failure) ?? "internal"),
    })),
    before: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    isFirst: place === null,
    asOf,
  };
}
