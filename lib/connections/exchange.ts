import { type Attempt, claimExchange, findAttempt, finishAttempt, unsendExchange } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { crashPoint, crossing } from "@/lib/crash-point";
import { notFound } from "@/lib/errors";
import { inFlight } from "@/lib/in-flight";
import { type Keeping, keepAnswers } from "@/lib/journal/keep-answers";
import { log } from "@/lib/log";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { observed } from "@/lib/telemetry/observed";
import { unseal, VaultError } from "@/lib/vault";
import { adopt } from "./adopt";
import { newLease } from "./lease";
import { type OpenIo, openIo } from "./open-io";
import { outcomeOf } from "./outcome-of";
import { ownAttempt } from "./own-attempt";
import { storeIssued } from "./store-issued";
import { NOT_NOW, troubleOf } from "./trouble-of";
import { withClient } from "./with-client";

const LEASE_S = 30;
const MOST_TRIES = 3;
const LONGEST_WAIT_S = 240;
/** The first wait after a platform's "too many" that does not tell how long; the next is twice as long. */
const UNTOLD_WAIT_S = 5;
const KEYS = new Set(["key_missing", "unreadable"]);

/**
 * Sends an attempt's code, once and only once, and carries what comes back on to a connection. Called by the result page of the
 * person who started it and by the job; whoever is second finds the claim taken and does nothing.
 */
export function exchange(actor: Actor, attemptId: string, open: OpenIo = openIo): Promise<void> {
  return inFlight(carryOut(actor, attemptId, open));
}

async function carryOut(actor: Actor, attemptId: string, open: OpenIo): Promise<void> {
  const attempt =
    actor.kind === "user" || actor.kind === "link" ? await ownAttempt(actor, attemptId) : await findAttempt(database(), attemptId);
  if (!attempt) throw notFound();
  if (attempt.status === "issued" && attempt.resultId) {
    await adopt(attempt.resultId, open);
    return;
  }
  // A platform that was edited since takes no code of before.
  await freshOffers(0);
  const leaseId = newLease();
  const claimed = await crossing("exchange.claim", () => claimExchange(database(), attemptId, leaseId, LEASE_S));
  if (!claimed) return;
  crashPoint("exchange.sent");
  const facts = { offer: claimed.offer, attempt: claimed.id };
  await observed("exchange", facts, () => spend(actor, claimed, leaseId, open), String);
}

/** Resolves to how it came out, in a word. */
async function spend(actor: Actor, attempt: Attempt, leaseId: string, open: OpenIo): Promise<string> {
  let sent: Sent;
  try {
    sent = await send(attempt, open);
  } catch (error) {
    return settleTrouble(actor, attempt, leaseId, error);
  }
  crashPoint("exchange.answered");
  let connectionId: string;
  try {
    connectionId = await storeIssued(actor, attempt, sent.issued);
    sent.keeping.committed();
  } finally {
    sent.keeping.end();
  }
  crashPoint("exchange.committed");
  await adopt(connectionId, open);
  return "issued";
}

type Sent = { issued: Issued; keeping: Keeping };

async function send(attempt: Attempt, open: OpenIo): Promise<Sent> {
  const offer = findOffer(attempt.offer);
  const { provider } = offer;
  if (provider.kind !== "redirect" || offer.fingerprint !== attempt.offerFingerprint) throw new ProviderError("operator", "offer_changed");
  const place = (column: string) => ({ table: "attempts", column, row: attempt.id, merchant: attempt.merchantId });
  const query = new URLSearchParams(attempt.answer === null ? "" : unseal(attempt.answer, place("answer")));
  const verifier = attempt.verifier === null ? null : unseal(attempt.verifier, place("verifier"));
  const consent = { query: query.toString(), redirectUri: attempt.redirectUri ?? "", verifier };
  const keeping = keepAnswers({ kind: "exchange", offer: offer.slug, merchantId: attempt.merchantId, attemptId: attempt.id, consent });
  try {
    const io = await open(offer, { merchantId: attempt.merchantId, connectionId: null, connecting: true, keeping });
    const answer = { ...consent, query, state: query.get("state") ?? "" };
    return { issued: await withClient(offer.slug, () => crossing("exchange.call", () => provider.exchange(answer, io))), keeping };
  } catch (error) {
    if (error instanceof ProviderError) keeping.nothing();
    keeping.end();
    throw error;
  }
}

async function settleTrouble(actor: Actor, attempt: Attempt, leaseId: string, error: unknown): Promise<string> {
  const failure = troubleOf(error);
  if (!failure) throw error;
  const limited = failure.code === "rate_limited";
  const waitS = failure.detail.retryAfterS ?? (limited ? UNTOLD_WAIT_S * 2 ** (attempt.tries - 1) : 1);
  // A key that is missing or wrong here may be right in another process, and a turn that was not ours cost nothing: the code stays unspent.
  const unspent = KEYS.has(failure.code) || (NOT_NOW.has(failure.code) && !limited);
  if (unspent || (failure.trouble === "transient" && attempt.tries < MOST_TRIES && waitS <= LONGEST_WAIT_S)) {
    if (KEYS.has(failure.code))
      log.error(failure.code, error, { attempt: attempt.id, key: error instanceof VaultError ? error.keyId : null });
    if (
      await crossing("exchange.unsend", () =>
        unsendExchange(database(), attempt.id, leaseId, unspent ? Math.max(waitS, 3) : waitS, !unspent),
      )
    )
      return "postponed";
  }
  log.warn("exchange_failed", { attempt: attempt.id, offer: attempt.offer, trouble: failure.trouble, cause: failure.code });
  const outcome = outcomeOf(failure);
  await crossing("exchange.fail", () =>
    transaction(async (tx) => {
      await finishAttempt(tx, attempt.id, { outcome, troubleCode: failure.code, customerText: failure.detail.customerText ?? null });
      const facts = { trouble: failure.trouble, code: failure.code };
      await insertEvent(tx, {
        kind: outcome === "cancelled" ? "attempt.cancelled" : "attempt.failed",
        actor,
        merchantId: attempt.merchantId,
        connectionId: attempt.connectionId,
        attemptId: attempt.id,
        facts,
      });
    }),
  );
  return failure.trouble;
}
