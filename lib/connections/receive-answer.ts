import { type Attempt, closeOpenAttempt, findAttemptByState, keepAnswer } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { AttemptOutcome } from "@/db/schema";
import type { Connector, LinkActor, UserActor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { isLinkId } from "@/lib/links/link-id";
import { log } from "@/lib/log";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offers } from "@/lib/offers/offers";
import { receiveTry } from "@/lib/offers/receive-try";
import { seal } from "@/lib/vault";
import { sha256 } from "./browser-secret";
import { mayContinue } from "./own-attempt";

/** `tried`: an admin's dry run. `stranger`: nothing that this browser started; nothing was changed and nothing will be sent. */
export type Received =
  | { kind: "result"; attemptId: string; linkId: string | null }
  | { kind: "tried"; tryId: string }
  | { kind: "stranger" };

const READ = ["code", "state", "iss", "error", "error_description", "error_uri"];
const LONGEST = { code: 4_096, state: 512, iss: 2_048, error: 256 } as const;

/**
 * Checks a callback, consumes its attempt atomically and keeps the code sealed. Never exchanges. `cookie` reads a flow cookie by
 * attempt id; `person` null: signed out, and the code is held for the same one; `byLink` knows who came by a link.
 */
export async function receiveAnswer(
  slug: string,
  query: URLSearchParams,
  cookie: (attemptId: string) => string | undefined,
  person: UserActor | null,
  byLink: (linkId: string) => Promise<LinkActor | null> = async () => null,
): Promise<Received> {
  const stranger = (why: string): Received => {
    log.warn("callback_refused", { offer: slug, why });
    return { kind: "stranger" };
  };
  const shape = readShape(query);
  if (shape === null) return stranger("shape");
  const attempt = await findAttemptByState(database(), sha256(shape.state));
  await freshOffers(0);
  if (!attempt) {
    const tryId = await receiveTry(slug, { state: shape.state, kept: readParts(query) }, cookie, person);
    return tryId === null ? stranger("state") : { kind: "tried", tryId };
  }
  if (attempt.offer !== slug) return stranger("state");
  const secret = cookie(attempt.id);
  if (secret === undefined || sha256(secret) !== attempt.browserHash) return stranger("browser");
  const linkId = isLinkId(attempt.userId) ? attempt.userId : null;
  // Who else is signed in in that browser has nothing to do with a link's attempt.
  const actor = linkId === null ? person : await byLink(linkId);
  if (actor && !mayContinue(actor, attempt)) return stranger("person");
  const result: Received = { kind: "result", attemptId: attempt.id, linkId };
  if (attempt.status !== "open") return result;
  if (attempt.expired) {
    await close(attempt, "timed_out", null);
    return result;
  }
  const offer = offers().find((candidate) => candidate.slug === slug);
  if (offer?.provider.kind !== "redirect" || offer.fingerprint !== attempt.offerFingerprint) {
    await close(attempt, "cancelled", offer ? "offer_changed" : "offer_missing");
    return result;
  }
  const answer = offer.provider.readAnswer(query);
  if (answer.kind === "nothing") await close(attempt, "nothing", null);
  else if (answer.kind === "error") await close(attempt, answer.outcome, shape.error);
  else await keep(attempt, query, actor);
  return result;
}

/** Null: a parameter is repeated, oversized or both code and error are there, or the state is missing (S-16, S-24). */
function readShape(query: URLSearchParams): { state: string; error: string | null } | null {
  const seen = new Set<string>();
  for (const [name, value] of query) {
    const plain = name.toLowerCase().replace(/\[.*$/, "");
    if (!READ.includes(plain)) continue;
    if (seen.has(plain) || plain !== name) return null;
    if (value.length > (LONGEST[plain as keyof typeof LONGEST] ?? 65_536)) return null;
    seen.add(plain);
  }
  const state = query.get("state");
  if (!state || (query.has("code") && query.has("error"))) return null;
  const error = query.get("error");
  return { state, error: error === null ? null : isWord(error) ? error : "other" };
}

/** Sentences are looked up by it, so it must not be a name that every object has ("constructor"). */
function isWord(error: string): boolean {
  return /^[a-z][a-z_]{0,63}$/.test(error) && !(error in {});
}

const readParts = (query: URLSearchParams) =>
  new URLSearchParams(READ.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? ""]] : [])));

async function keep(attempt: Attempt, query: URLSearchParams, actor: Connector | null): Promise<void> {
  const answer = seal(readParts(query).toString(), { table: "attempts", column: "answer", row: attempt.id, merchant: attempt.merchantId });
  await crossing("callback.keep", () =>
    transaction(async (tx) => {
      if (!(await keepAnswer(tx, attempt.id, answer, actor !== null))) return;
      await insertEvent(tx, { kind: "attempt.answered", ...about(attempt) });
    }),
  );
}

async function close(attempt: Attempt, outcome: AttemptOutcome, troubleCode: string | null): Promise<void> {
  await crossing("callback.close", () =>
    transaction(async (tx) => {
      if (!(await closeOpenAttempt(tx, attempt.id, outcome, troubleCode))) return;
      await insertEvent(tx, { kind: `attempt.${outcome}`, ...about(attempt), facts: { code: troubleCode } });
    }),
  );
}

const about = (attempt: Attempt) => ({
  actor: { kind: isLinkId(attempt.userId) ? "link" : "user", id: attempt.userId, name: "" },
  merchantId: attempt.merchantId,
  connectionId: attempt.connectionId,
  attemptId: attempt.id,
});
