import { database } from "@/db/client";
import { type SavedView, viewsOf } from "@/db/saved-views";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

export type { SavedView };

/** The lists that this person gave a name to. */
export async function listViews(actor: UserActor): Promise<SavedView[]> {
  authorize(actor, "support.search");
  return viewsOf(database(), actor.id);
}
