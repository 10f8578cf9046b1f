import { type CallerRow, callersOf } from "@/db/callers";
import { database } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { authorize, reach } from "@/lib/auth/permissions";

export type CallerView = CallerRow & { mayPause: boolean };

/** Whose backends use a connection, for whoever may read that one. */
export async function showCallers(actor: Actor, connection: { id: string; merchantId: string; offer: string }): Promise<CallerView[]> {
  authorize(actor, "connection.read", connection);
  const mayPause = reach(actor, "caller.pause") !== "no";
  const callers = await callersOf(database(), connection.id);
  return callers.map((caller) => ({ ...caller, mayPause: mayPause && (caller.pausedAt !== null || !caller.ended) }));
}
