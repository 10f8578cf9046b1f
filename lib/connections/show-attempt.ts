import type { Attempt } from "@/db/attempts";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { readClock } from "@/db/read-clock";
import type { AttemptOutcome } from "@/db/schema";
import type { Connector } from "@/lib/auth/actor";
import { offers } from "@/lib/offers/offers";
import { ownAttempt } from "./own-attempt";

/** How far a connection on its way has come: each step is ticked once it is durable. */
export type Progress = { verified: boolean; exchanged: boolean; stored: boolean; checked: boolean };

export type AttemptView = {
  id: string;
  offer: string;
  provider: string;
  platformName: string | null;
  kind: "redirect" | "credentials";
  /** Null: still on its way. */
  outcome: AttemptOutcome | null;
  /** Nothing came back from the platform yet. */
  waitingForPlatform: boolean;
  progress: Progress;
  troubleCode: string | null;
  customerText: string | null;
  /** The store that came out of it, or that was to be reconnected. */
  store: { id: string; name: string | null } | null;
  /** The row that holds what was granted, finished or not. */
  resultId: string | null;
  /** Another account came back: the one that was signed in to. */
  other: string | null;
  newerAttemptId: string | null;
  reconnecting: boolean;
  /** What the person called the store and for which merchant it was, to start again with. */
  label: string | null;
  merchantId: string;
  /** The connect link that it was begun with; null: by somebody who was signed in. */
  link: string | null;
  /** The database's time. */
  asOf: Date;
};

/** What became of an attempt, for the person who started it; anybody else gets 404. */
export async function showAttempt(actor: Connector, id: string): Promise<AttemptView> {
  const attempt = await ownAttempt(actor, id);
  const [result, target, now] = await Promise.all([
    attempt.resultId ? findConnection(database(), attempt.resultId) : null,
    attempt.connectionId ? findConnection(database(), attempt.connectionId) : null,
    readClock(database()),
  ]);
  const offer = offers().find((candidate) => candidate.slug === attempt.offer);
  const parked = attempt.outcome === "different_account" || attempt.outcome === "held_elsewhere";
  const store = parked ? target : (result ?? target);
  // A code that was never sent has run out with its attempt, whether or not a job has closed it yet.
  const unsent = attempt.status === "open" || (attempt.status === "answered" && attempt.sentAt === null);
  const lapsed = unsent && attempt.expiresAt <= now;
  return {
    id: attempt.id,
    offer: attempt.offer,
    provider: offer?.provider.id ?? attempt.offer,
    platformName: offer?.name ?? null,
    kind: offer?.provider.kind ?? "redirect",
    outcome: lapsed ? "timed_out" : attempt.outcome,
    waitingForPlatform: attempt.status === "open",
    progress: progressOf(attempt, result?.access != null),
    troubleCode: attempt.troubleCode,
    customerText: attempt.customerText,
    store: store ? { id: store.id, name: store.label ?? store.accountLabel ?? store.accountId } : null,
    resultId: attempt.resultId,
    other: attempt.outcome === "different_account" ? (result?.accountLabel ?? result?.accountId ?? null) : null,
    newerAttemptId: attempt.outcome === "replaced" ? attempt.resultId : null,
    reconnecting: attempt.connectionId !== null,
    label: attempt.label,
    merchantId: attempt.merchantId,
    link: actor.kind === "link" ? actor.id : null,
    asOf: now,
  };
}

function progressOf(attempt: Attempt, hasAccess: boolean): Progress {
  const checked = attempt.outcome === "connected" || attempt.outcome === "renewed";
  const exchanged = checked || attempt.status === "issued";
  return { verified: attempt.status !== "open", exchanged, stored: checked || (exchanged && hasAccess), checked };
}
