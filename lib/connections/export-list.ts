import { database, transaction } from "@/db/client";
import { rowsOf } from "@/db/connection-lists";
import type { Spot } from "@/db/connection-walk";
import { insertEvent } from "@/db/events";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { CSV_BEGIN, csvLine } from "@/lib/csv-line";
import { env } from "@/lib/env";
import { criteriaOf, criteriaQuery, type ListQuery } from "./criteria";
import { findPage, usual } from "./find-page";
import { narrowingOf } from "./narrowing";
import { reconnectPath } from "./reconnect-path";
import { restate } from "./restate";
import { type ConnectionView, view } from "./view";

export const MOST_EXPORTED = 100_000;

const columns = [
  "connection_id",
  "store",
  "merchant",
  "merchant_id",
  "owner_email",
  "platform",
  "environment",
  "account",
  "state",
] as const;
const times = ["access_runs_out_utc", "renews_utc", "point_of_no_return_utc", "connected_utc", "updated_utc"] as const;

/**
 * A list as a file, in its order, a stretch at a time as somebody reads it: no secrets, and for each connection the page on which its owner
 * mends it. That it was taken is told before the first line.
 */
export async function exportList(
  actor: UserActor,
  input: ListQuery,
  { stretch, most }: { stretch: number; most: number } = { stretch: 1_000, most: MOST_EXPORTED },
): Promise<AsyncGenerator<string>> {
  authorize(actor, "support.search");
  const criteria = criteriaOf(input);
  await restate();
  const now = await readClock(database());
  const narrowing = await narrowingOf(criteria, now);
  await transaction((tx) => insertEvent(tx, { kind: "list.exported", actor, facts: { filter: criteriaQuery(criteria).toString() } }));
  return lines();

  async function* lines(): AsyncGenerator<string> {
    yield CSV_BEGIN + csvLine([...columns, ...times, "last_error", "reconnect_link"]);
    let spot: Spot | null = null;
    for (let told = 0; told < most; ) {
      const page = await findPage(criteria, narrowing, { spot, back: false }, { ...usual, page: Math.min(stretch, most - told) });
      const rows = await rowsOf(database(), page.ids);
      if (rows.length > 0) yield rows.map((row) => line(view(row.connection, row.merchantName, now), row.ownerEmail)).join("");
      told += page.ids.length;
      if (page.next === null) return;
      spot = page.next;
    }
  }
}

const utc = (at: Date | null) => at?.toISOString();

const line = (row: ConnectionView, ownerEmail: string | null) =>
  csvLine([
    row.id,
    row.name,
    row.merchantName,
    row.merchantId,
    ownerEmail,
    row.platformName ?? row.provider,
    row.environment,
    row.accountId,
    row.state,
    utc(row.expiresAt),
    utc(row.renewsAt),
    utc(row.noReturnAt),
    utc(row.connectedAt),
    utc(row.updatedAt),
    row.troubleCode,
    row.status === "revoked" || row.status === "revoking" ? null : new URL(reconnectPath(row), env().LATCHKEY_URL).href,
  ]);
