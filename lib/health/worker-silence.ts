import { database } from "@/db/client";
import { silentForS } from "@/db/workers";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { isSilent } from "./is-silent";

/** `forS` null: no process has ever done background work. */
export type Silence = { forS: number | null };

/** That nothing is renewed right now, for staff; null: somebody is at it. */
export async function workerSilence(actor: UserActor): Promise<Silence | null> {
  authorize(actor, "support.search");
  const forS = await silentForS(database());
  return isSilent(forS) ? { forS } : null;
}
