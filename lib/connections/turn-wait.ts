import { database } from "@/db/client";
import { gateFreeInS, gatePause } from "@/db/gates";
import { offers } from "@/lib/offers/offers";
import { gateOf } from "./open-io";
import { ruleOf } from "./turn";

export type Acts = Record<"test" | "renew", number>;

/** Seconds until a platform takes a test or a renewal of this connection; 0: now. Asks nobody, and takes nobody's turn. */
export async function turnWait(row: { offer: string; expiresAt: Date | null }, now: Date): Promise<Acts> {
  const offer = offers().find(({ slug }) => slug === row.offer);
  if (!offer) return { test: 0, renew: 0 };
  const name = gateOf(offer);
  const { pace } = offer.provider;
  const wait = pace === null ? (await gatePause(database(), name)).pausedS : await gateFreeInS(database(), ruleOf(name, pace, false));
  // Where only fetching access is counted, access that is good is tested without a turn.
  const free = pace?.counts !== undefined && row.expiresAt !== null && row.expiresAt > now;
  return { renew: wait, test: free ? 0 : wait };
}
