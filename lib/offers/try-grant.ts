import { database, transaction } from "@/db/client";
import { anyLive } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { finishTry as finishRow, type OfferTry, type TryStep } from "@/db/offer-tries";
import { findStoredOffer, updateOffer } from "@/db/offers";
import type { Actor } from "@/lib/auth/actor";
import { troubleOf } from "@/lib/connections/trouble-of";
import type { Grant, Io, Issued, RedirectProvider } from "@/lib/providers/contract";
import type { Place } from "@/lib/vault";
import { fingerprintOf } from "./stored-offer";

/** Where a dry run's secrets are sealed while it lasts. */
export const tryPlace = (row: OfferTry, column: "verifier" | "answer" | "access" | "renewal"): Place => ({
  table: "offer_tries",
  column,
  row: row.id,
  merchant: "",
});

export const grantOf = ({ access, renewal, scopes, expiresAt }: Issued): Grant => ({
  access,
  renewal,
  scopes: scopes ?? [],
  expiresAt,
  accountId: null,
});

/** Never at the cost of a merchant: where ending this would end theirs, it is left to the admin. */
export async function giveBack(provider: RedirectProvider, row: OfferTry, grant: Grant, io: Io): Promise<TryStep> {
  const { endsSiblings, tokenOnly } = provider.revocation;
  const told = (result: TryStep["result"], code: string | null = null): TryStep => ({ step: "revoke", result, code });
  if (endsSiblings && !tokenOnly && (await anyLive(database(), row.offer))) return told("none", "would_end_others");
  try {
    const answer = await provider.revoke(grant, io, endsSiblings && tokenOnly ? "token" : "authorization");
    return answer === "remote" ? told("good") : told("none", "by_hand");
  } catch (error) {
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    return told("bad", trouble.code);
  }
}

/** Whether the code was taken, and none of the steps went wrong. */
export const wentWell = (steps: readonly TryStep[]): boolean =>
  steps.some(({ step, result }) => step === "exchange" && result === "good") && steps.every(({ result }) => result !== "bad");

/** Erases all of it but its results. */
export async function finishTry(actor: Actor, row: OfferTry, steps: TryStep[]): Promise<void> {
  const good = wentWell(steps);
  await transaction(async (tx) => {
    if (!(await finishRow(tx, row.id, steps))) return;
    const stored = good ? await findStoredOffer(tx, row.offer) : null;
    // Changed meanwhile, it is not what was tried.
    if (stored && fingerprintOf(row.offer, stored.settings) === row.offerFingerprint)
      await updateOffer(tx, row.offer, { provedAs: row.offerFingerprint });
    await insertEvent(tx, { kind: "offer.tried", actor, facts: { offer: row.offer, try: row.id, good } });
  });
}
