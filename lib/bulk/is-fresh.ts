import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { signedInRecently } from "@/lib/auth/recently";

/** Whether a person signed in so lately that what cannot be undone may be done for many at once. */
export const isFresh = async (actor: UserActor): Promise<boolean> => signedInRecently(actor, await readClock(database()));
