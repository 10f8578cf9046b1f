import { database, transaction } from "@/db/client";
import { findTryByState, finishTry, keepTryAnswer, type OfferTry, type TryStep } from "@/db/offer-tries";
import type { UserActor } from "@/lib/auth/actor";
import { reach } from "@/lib/auth/permissions";
import { sha256 } from "@/lib/connections/browser-secret";
import { seal } from "@/lib/vault";
import { offers } from "./offers";

/**
 * What came back of a dry run, checked and kept as every consent's answer is: for the browser and the person that began it, once. Resolves to
 * its id; null: there is no such one. Sends nothing.
 */
export async function receiveTry(
  slug: string,
  query: { state: string; kept: URLSearchParams },
  cookie: (id: string) => string | undefined,
  actor: UserActor | null,
): Promise<string | null> {
  const found = await findTryByState(database(), sha256(query.state));
  if (!found || found.offer !== slug) return null;
  const secret = cookie(found.id);
  if (secret === undefined || sha256(secret) !== found.browserHash) return null;
  if (actor && (actor.id !== found.userId || reach(actor, "providers.manage") === "no")) return null;
  if (found.status === "open") await keep(found, query.kept);
  return found.id;
}

async function keep(row: OfferTry, kept: URLSearchParams): Promise<void> {
  const offer = offers().find((candidate) => candidate.slug === row.offer);
  const known = offer?.provider.kind === "redirect" && offer.fingerprint === row.offerFingerprint ? offer.provider : null;
  const answer = known?.readAnswer(kept);
  if (answer?.kind === "code") {
    const sealed = seal(kept.toString(), { table: "offer_tries", column: "answer", row: row.id, merchant: "" });
    await transaction((tx) => keepTryAnswer(tx, row.id, sealed));
    return;
  }
  const code = !answer ? "offer_changed" : answer.kind === "nothing" ? "nothing" : answer.outcome;
  const steps: TryStep[] = [{ step: "consent", result: "bad", code }];
  await transaction((tx) => finishTry(tx, row.id, steps));
}
