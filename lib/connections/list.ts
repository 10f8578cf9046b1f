import { database } from "@/db/client";
import { listOfMerchants } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { attention } from "./health";
import { type ConnectionView, view } from "./view";

/** A page of at most this many; what is beyond it is told, not hidden. */
const LIMIT = 500;

const byAttention = (a: ConnectionView, b: ConnectionView): number =>
  attention[a.state] - attention[b.state] || (b.connectedAt?.getTime() ?? 0) - (a.connectedAt?.getTime() ?? 0);

export type Listed = { rows: ConnectionView[]; asOf: Date; more: boolean };

/** The merchant's own stores, those that need somebody first. */
export async function listOwn(actor: UserActor): Promise<Listed> {
  for (const merchant of actor.merchants) authorize(actor, "connection.list", { merchantId: merchant.id });
  const asOf = await readClock(database());
  const merchantIds = actor.merchants.map((merchant) => merchant.id);
  const found = await listOfMerchants(database(), merchantIds, LIMIT + 1);
  const rows = found.slice(0, LIMIT).map((row) => view(row.connection, row.merchantName, asOf));
  return { rows: rows.sort(byAttention), asOf, more: found.length > LIMIT };
}
