import { noteUse } from "@/db/claims";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { canRenew } from "./can-renew";
import { type OpenIo, openIo } from "./open-io";
import { renewOnce } from "./renew-once";

/** `not_now` carries the seconds after which it makes sense to try again; `cannot` has nothing to renew with. */
export type RenewResult =
  | { kind: "renewed" }
  | { kind: "cannot" }
  | { kind: "busy" }
  | { kind: "not_now"; retryAfterS: number }
  | { kind: "failed"; trouble: string; code: string };

/** The connection, or 404 exactly as if it were not there. */
export async function ownConnection(actor: Actor, id: string, operation: Parameters<typeof authorize>[1]): Promise<Connection> {
  const row = isId(id) ? await findConnection(database(), id) : null;
  // What was never connected is the worker's business and staff's.
  const inside = actor.kind === "system" || (actor.kind === "user" && actor.role !== "merchant");
  if (!row || (row.connectedAt === null && !inside)) throw notFound();
  authorize(actor, operation, row);
  return row;
}

/**
 * Renews now, on demand. A connection without anything to renew with is left as it is. Who names the `generation` of the access that it
 * found wanting gets one renewal for it, however many ask.
 */
export async function renew(actor: Actor, id: string, open: OpenIo = openIo, generation: number | null = null): Promise<RenewResult> {
  const row = await ownConnection(actor, id, "connection.renew");
  if (!canRenew(row) || !["active", "reconnect"].includes(row.status)) return { kind: "cannot" };
  if (generation !== null && row.generation > generation) return { kind: "renewed" };
  if (actor.kind !== "system") await noteUse(database(), id);
  const renewed = await renewOnce(actor, id, ["active", "reconnect"], open, generation);
  if (renewed.kind !== "failed") return renewed;
  const { trouble, code, detail } = renewed.error;
  if (trouble === "transient" && detail.retryAfterS !== undefined) return { kind: "not_now", retryAfterS: detail.retryAfterS };
  return { kind: "failed", trouble, code };
}
