import { database } from "@/db/client";
import { callsGate, clockAndPauses, ensureGate, freeGate, type GateRule, gateWaitS, keepGate, takeGate } from "@/db/gates";
import { gateOf } from "@/lib/connections/open-io";
import { ruleOf } from "@/lib/connections/turn";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Offer } from "@/lib/offers/offer";
import { inLine } from "./in-line";

const STEP_MS = 60;
const WAIT_MS = 10_000;
/** A call holds its gate for longer than that only while this process says so. */
const BEAT_MS = 8_000;
/** How long somebody waits for a turn, and how often whoever holds one says so. */
export type Times = { waitMs?: number; beatMs?: number };
/** Of what a platform bears, so much is left to renewals. */
const LEFT_SHARE = 0.1;

export type Turn = {
  now: Date;
  /** The gate where the platform counts such a call; null: it counts no calls, or none of this kind. */
  counted: string | null;
  /** How often in a row that gate was closed. */
  strikes: number;
  /** Somebody else has the gate now, because this process stood still for too long. */
  lost: AbortSignal;
  end: () => Promise<void>;
};

/**
 * Waits a few seconds until the platform's pace allows a call to `url`, behind whatever keeps connections alive. Throws AppError 429 `paced` with
 * the seconds after which it makes sense to ask again; no call was made then.
 */
export async function takeTurn(offer: Offer, connectionId: string, url: string, gone: AbortSignal, times: Times = {}): Promise<Turn> {
  const { pace } = offer.provider;
  const gate = gateOf(offer);
  const counts = pace !== null && pace.counts?.(url) !== false;
  // A platform without a pace of its own may have said that it is too much; one that counts only other calls has said so about those.
  const heeded = counts || pace === null ? [callsGate(connectionId), gate] : [callsGate(connectionId)];
  const { now, pausedS, strikes } = await clockAndPauses(database(), heeded);
  if (pausedS > 0) throw new AppError("paced", 429, { retryAfterS: pausedS });
  const lost = new AbortController();
  const turn = { now, counted: counts ? gate : null, strikes, lost: lost.signal };
  if (!counts) return { ...turn, end: async () => undefined };

  const rule: GateRule = { ...ruleOf(gate, pace, false), yields: true };
  rule.reserve = Math.ceil(rule.capacity * LEFT_SHARE);
  await ensureGate(database(), gate, rule.capacity);
  const until = performance.now() + (times.waitMs ?? WAIT_MS);
  await inLine(gate, async () => {
    while (!(await takeGate(database(), rule))) {
      if (gone.aborted) throw new AppError("caller_gone", 499);
      if (performance.now() + STEP_MS > until) throw new AppError("paced", 429, { retryAfterS: await gateWaitS(database(), rule) });
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  });
  return { ...turn, end: held(rule, lost, times.beatMs ?? BEAT_MS) };
}

/** Keeps a gate that bears one call at a time for as long as the call lasts. */
function held({ name, owner, busyS }: GateRule, lost: AbortController, beatMs: number): () => Promise<void> {
  if (owner === null) return async () => undefined;
  // An answer that nobody reads may outlive the database that this process is leaving.
  const keep = async () => (await keepGate(database(), name, owner, busyS)) || lost.abort();
  const beat = setInterval(() => void keep().catch((error: unknown) => log.error("gate_not_kept", error)), beatMs).unref();
  return async () => {
    clearInterval(beat);
    await freeGate(database(), name, owner).catch((error: unknown) => log.error("gate_not_freed", error));
  };
}
