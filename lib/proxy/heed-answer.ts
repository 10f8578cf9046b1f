import { database } from "@/db/client";
import { callsGate, endStrikes, pauseGate } from "@/db/gates";
import type { Offer } from "@/lib/offers/offer";
import { retryAfterS } from "@/lib/providers/wire/retry-after";
import type { Turn } from "./take-turn";

/** A platform that bears one call at a time has said "too many" because of another one, which is soon over. */
const SERIAL_PAUSE_S = 2;
/** One store's calls wait no longer than that on a word that may be a mistake: nobody could take it back. */
const LONGEST_S = 3_600;

/**
 * What a platform asks for with "too many" or "not now" holds for the next call: for all that it counts together, else for this connection's
 * calls alone, so that no caller keeps renewals from being made.
 */
export async function heedAnswer(
  offer: Offer,
  connectionId: string,
  turn: Turn,
  answer: { status: number; headers: Headers },
): Promise<void> {
  const { status, headers } = answer;
  const askedS = retryAfterS({ headers }, turn.now) ?? null;
  if (status === 429 && turn.counted !== null)
    return pauseGate(database(), turn.counted, askedS, "rate_limited", offer.provider.pace?.serial ? SERIAL_PAUSE_S : undefined);
  if ((status === 429 || status === 503) && askedS !== null)
    return pauseGate(database(), callsGate(connectionId), Math.min(askedS, LONGEST_S), "asked_to_wait");
  if (turn.counted !== null && turn.strikes > 0 && status < 400) await endStrikes(database(), turn.counted);
}
