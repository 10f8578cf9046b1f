import { database } from "@/db/client";
import { adminNames } from "@/db/people";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

/** Whom staff can ask for the admin role: three are enough to ask. */
export async function nameAdmins(actor: Actor): Promise<string[]> {
  authorize(actor, "support.search");
  return adminNames(database(), 3);
}
