import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";

const FRESH_MS = 15 * 60_000;

/** Whether a person signed in so lately that what cannot be undone may be done for many at once. */
export async function isFresh(actor: UserActor): Promise<boolean> {
  return (await readClock(database())).getTime() - actor.signedInAt.getTime() <= FRESH_MS;
}
