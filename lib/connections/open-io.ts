import { database } from "@/db/client";
import { pauseGate } from "@/db/gates";
import { readClock } from "@/db/read-clock";
import { outside } from "@/lib/http";
import { log } from "@/lib/log";
import type { Offer } from "@/lib/offers/offer";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { retryAfterS } from "@/lib/providers/wire/retry-after";
import { type SessionContext, sharedSession } from "./session";
import { turn } from "./turn";

export type Context = Omit<SessionContext, "offer">;

/** A provider's door to the world for one piece of work: paced, guarded, with the database's clock and shared sessions. */
/** All calls of one piece of work together stay inside its lease (30 s), turns waited for included. */
const BUDGET_MS = 28_000;
/** With less than this left no call is begun: nothing is lost by trying again later. */
const LEAST_MS = 2_000;

export type OpenIo = (offer: Offer, context: Context) => Promise<Io>;

export const openIo: OpenIo = (offer, context) => makeIo(offer, context, outside());

/** The same with another way out (tests pass a simulator). */
export async function makeIo(offer: Offer, context: Context, fetch: Io["fetch"]): Promise<Io> {
  const started = performance.now();
  const clock = await readClock(database());
  const now = () => new Date(clock.getTime() + performance.now() - started);
  const { pace } = offer.provider;
  const gate = offer.provider.id;
  const send: Io["fetch"] = async (url, init) => {
    const begun = performance.now();
    const leftMs = BUDGET_MS - (begun - started);
    if (leftMs < LEAST_MS) throw new ProviderError("transient", "out_of_time", { retryAfterS: 5 });
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(Math.ceil(leftMs)) });
    log.info("platform_call", {
      offer: offer.slug,
      method: init?.method ?? "GET",
      host: new URL(url).host,
      status: response.status,
      ms: Math.round(performance.now() - begun),
    });
    return response;
  };
  return {
    now,
    session: sharedSession({ offer: offer.slug, ...context }),
    fetch: async (url, init) => {
      if (!pace || pace.counts?.(url) === false) return send(url, init);
      const response = await turn(gate, pace, () => send(url, init));
      if (response.status === 429)
        await pauseGate(database(), gate, retryAfterS(response, now()) ?? (pace.serial ? 2 : 20), "rate_limited");
      return response;
    },
  };
}
