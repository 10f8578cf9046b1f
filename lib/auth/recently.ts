import { AppError } from "@/lib/errors";
import type { UserActor } from "./actor";

const RECENT_MS = 15 * 60_000;

/** Whether this person signed in within a quarter of an hour: what cannot be undone asks for it. `now`: the database's time. */
export const signedInRecently = (actor: UserActor, now: Date): boolean => now.getTime() - actor.signedInAt.getTime() < RECENT_MS;

/** Throws 409 `sign_in_again`. */
export function requireRecent(actor: UserActor, now: Date): void {
  if (!signedInRecently(actor, now)) throw new AppError("sign_in_again", 409);
}
