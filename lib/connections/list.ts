import { z } from "zod";
import { listByExpiry, listOfMerchants, searchConnections } from "@/db/connection-lists";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type HealthState, healthStates } from "./health";
import { type ConnectionView, view } from "./view";

/** A page of at most this many; what is beyond it is told, not hidden. */
const LIMIT = 500;
/** Who must act comes first: the owner, then staff, then nobody. */
const ATTENTION: Record<HealthState, number> = {
  needs_reconnect: 0,
  expiring_soon: 1,
  pending: 2,
  expired_renewable: 3,
  unknown: 4,
  refresh_failing: 5,
  renewal_late: 6,
  renewing: 7,
  healthy: 8,
  revoked: 9,
};

export const byAttention = (a: ConnectionView, b: ConnectionView): number =>
  ATTENTION[a.state] - ATTENTION[b.state] || (b.connectedAt?.getTime() ?? 0) - (a.connectedAt?.getTime() ?? 0);

export type Listed = { rows: ConnectionView[]; asOf: Date; more: boolean };

/** The merchant's own stores, those that need somebody first. */
export async function listOwn(actor: UserActor): Promise<Listed> {
  for (const merchant of actor.merchants) authorize(actor, "connection.list", { merchantId: merchant.id });
  const asOf = await readClock(database());
  const found = await listOfMerchants(database(), actor.merchants.map((merchant) => merchant.id), LIMIT + 1);
  return { rows: found.slice(0, LIMIT).map((row) => view(row.connection, row.merchantName, asOf)).sort(byAttention), asOf, more: found.length > LIMIT };
}

const searchSchema = z.object({
  q: z.string().trim().max(200).optional().catch(undefined),
  state: z.enum(healthStates).optional().catch(undefined),
  offer: z.string().max(64).optional().catch(undefined),
});

/** Staff's view over all merchants. The state is worked out from each row's facts, so the filter is as true as the rows. */
export async function search(actor: UserActor, input: unknown): Promise<Listed & { asked: z.infer<typeof searchSchema> }> {
  authorize(actor, "support.search");
  const asked = searchSchema.parse(input);
  const asOf = await readClock(database());
  const found = await searchConnections(database(), { text: asked.q || null, offer: asked.offer || null, limit: LIMIT + 1 });
  const rows = found
    .slice(0, LIMIT)
    .map((row) => view(row.connection, row.merchantName, asOf))
    .filter((row) => asked.state === undefined || row.state === asked.state)
    .sort(byAttention);
  return { rows, asOf, more: found.length > LIMIT, asked };
}

export type Overview = Listed & { counts: Record<HealthState, number> };

/** Every live connection by when its access runs out, and how many are in each state. */
export async function overview(actor: UserActor): Promise<Overview> {
  authorize(actor, "health.read");
  const asOf = await readClock(database());
  const found = await listByExpiry(database(), LIMIT + 1);
  const rows = found.slice(0, LIMIT).map((row) => view(row.connection, row.merchantName, asOf));
  const counts = Object.fromEntries(healthStates.map((state) => [state, rows.filter((row) => row.state === state).length])) as Record<HealthState, number>;
  return { rows, asOf, more: found.length > LIMIT, counts };
}
