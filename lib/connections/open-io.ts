import { database } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { clockAndPause, endStrikes, gatePause, pauseGate } from "@/db/gates";
import { changesHeld } from "@/lib/audit/hold";
import { crossing } from "@/lib/crash-point";
import { deadline } from "@/lib/deadline";
import { outside } from "@/lib/http";
import type { Keeping } from "@/lib/journal/keep-answers";
import { log } from "@/lib/log";
import { notedCall } from "@/lib/offers/noted-call";
import type { Offer } from "@/lib/offers/offer";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { retryAfterS } from "@/lib/providers/wire/retry-after";
import { observedCall } from "@/lib/telemetry/observed-call";
import { type SessionContext, sharedSession } from "./session";
import { turn } from "./turn";

/**
 * `background`: nobody waits for this work, so it waits for nobody: no turn free now is no call now. `connecting`: a store is being
 * connected, whose code lives for minutes, so it does not wait out a pause that other calls began. `keeping`: what is answered may exist
 * only once.
 */
export type Context = Omit<SessionContext, "offer"> & { background?: boolean; connecting?: boolean; keeping?: Keeping };

/** All calls of one piece of work together stay inside its lease (30 s), turns waited for included. */
const BUDGET_MS = 28_000;
/** With less than this left no call is begun: nothing is lost by trying again later. */
const LEAST_MS = 2_000;

/** What was heard of a platform's pause when a piece of work began holds for its first call, where that follows at once. */
const KNOWN_MS = 1_000;

/** How long a background piece of work waits for a shared session that somebody else is making. */
const SESSION_WAIT_MS = 1_000;
/** A platform that bears one call at a time has said "too many" because of another one, which is soon over. */
const SERIAL_PAUSE_S = 2;

/** A provider's door to the world for one piece of work: paced, guarded, with the database's clock and shared sessions. */
export type OpenIo = (offer: Offer, context: Context) => Promise<Io>;

export const openIo: OpenIo = (offer, context) => makeIo(offer, context, outside());

/** The same with another way out (tests pass a simulator). */
export async function makeIo(offer: Offer, context: Context, fetch: Io["fetch"]): Promise<Io> {
  // What came back could not be told of, and so not be kept.
  if (changesHeld()) throw new ProviderError("transient", "not_ready", { retryAfterS: 60 });
  const started = performance.now();
  const gate = gateOf(offer);
  const { now: clock, ...first } = await clockAndPause(database(), gate);
  const now = () => new Date(clock.getTime() + performance.now() - started);
  const { pace } = offer.provider;
  const { background = false, connecting = false, keeping, ...owner } = context;
  const share = sharedSession({ offer: offer.slug, ...owner }, background ? SESSION_WAIT_MS : undefined);
  let sharing = 0;
  let pause: typeof first | null = first;
  const send: Io["fetch"] = async (url, init) => {
    const begun = performance.now();
    const leftMs = BUDGET_MS - (begun - started);
    if (leftMs < LEAST_MS) throw new ProviderError("transient", "out_of_time", { retryAfterS: 5 });
    const method = init?.method ?? "GET";
    const signal = deadline(Math.ceil(leftMs));
    const call = () => notedCall(offer, method, () => observedCall(offer.slug, method, () => fetch(url, { ...init, signal })));
    // What only asks can be asked again, and a session that is lost is made anew.
    const once = method !== "GET" && sharing === 0;
    const response = await (keeping && once ? keeping.around(new URL(url).pathname, now, call) : crossing("call.repeatable", () => call()));
    log.info("platform_call", {
      offer: offer.slug,
      method,
      host: new URL(url).host,
      status: response.status,
      ms: Math.round(performance.now() - begun),
    });
    return response;
  };
  const noteAnswer = async (response: Response, strikes: number) => {
    if (response.status === 429)
      await crossing("call.pause", () =>
        pauseGate(database(), gate, retryAfterS(response, now()) ?? null, "rate_limited", pace?.serial ? SERIAL_PAUSE_S : undefined),
      );
    else if (strikes > 0 && response.ok) await crossing("call.end_strikes", () => endStrikes(database(), gate));
  };
  return {
    now,
    session: (key, make, rejected) => {
      const making = async () => {
        sharing += 1;
        return make().finally(() => {
          sharing -= 1;
        });
      };
      return share(key, making, rejected);
    },
    fetch: async (url, init) => {
      if (pace?.counts?.(url) === false) return send(url, init);
      const known = performance.now() - started < KNOWN_MS ? pause : null;
      pause = null;
      const { pausedS, strikes } = known ?? (await unsent(gatePause(database(), gate)));
      if (pausedS > 0 && pace === null && !connecting) throw new ProviderError("transient", "paced", { retryAfterS: pausedS });
      const response = pace === null ? await send(url, init) : await unsent(turn(gate, pace, () => send(url, init), { background }));
      // What was answered is not lost because the gate could not be told.
      await noteAnswer(response, strikes).catch((error: unknown) => log.error("gate_not_told", error));
      return response;
    },
  };
}

/** A database that is gone before anything was sent is no doubt: the same may be asked again. */
async function unsent<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DatabaseError) throw new ProviderError("transient", "not_ready", { retryAfterS: 5 });
    throw error;
  }
}

/** Platforms with a pace of their own count by our address or client, so all offers of theirs share it; others have nothing in common. */
export function gateOf({ slug, provider }: Offer): string {
  return provider.pace === null ? `offer:${slug}` : provider.id;
}
