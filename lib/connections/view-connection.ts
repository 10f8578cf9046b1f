import { database } from "@/db/client";
import { merchantNames } from "@/db/merchants";
import { readClock } from "@/db/read-clock";
import type { Actor } from "@/lib/auth/actor";
import type { Operation } from "@/lib/auth/permissions";
import { ownConnection } from "./renew";
import { type ConnectionView, view } from "./view";

/** One connection as it is now, without its story: for whoever may read it, or has done to it what `operation` says. */
export async function viewConnection(actor: Actor, id: string, operation: Operation = "connection.read"): Promise<ConnectionView> {
  const row = await ownConnection(actor, id, operation);
  const [now, names] = await Promise.all([readClock(database()), merchantNames(database(), [row.merchantId])]);
  return view(row, names.get(row.merchantId) ?? row.merchantId, now);
}
