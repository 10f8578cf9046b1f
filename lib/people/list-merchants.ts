import { database } from "@/db/client";
import { listMerchants as readMerchants } from "@/db/merchants";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

/** Whom an existing grant can be imported for. */
export async function listMerchants(actor: Actor): Promise<{ id: string; name: string }[]> {
  authorize(actor, "connection.import");
  const rows = await readMerchants(database());
  return rows.map(({ id, name }) => ({ id, name }));
}
