import { database } from "@/db/client";
import { pauseGate } from "@/db/gates";
import { readClock } from "@/db/read-clock";
import { outside } from "@/lib/http";
import { log } from "@/lib/log";
import type { Io } from "@/lib/providers/contract";
import { retryAfterS } from "@/lib/providers/wire/retry-after";
import type { Offer } from "@/lib/offers/offer";
import { type SessionContext, sharedSession } from "./session";
import { turn } from "./turn";

export type Context = Omit<SessionContext, "offer">;

/** A provider's door to the world for one piece of work: paced, guarded, with the database's clock and shared sessions. */
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
    const response = await fetch(url, init);
    log.info("platform_call", { offer: offer.slug, method: init?.method ?? "GET", host: new URL(url).host, status: response.status, ms: Math.round(performance.now() - begun) });
    return response;
  };
  return {
    now,
    session: sharedSession({ offer: offer.slug, ...context }),
    fetch: async (url, init) => {
      if (!pace || pace.counts?.(url) === false) return send(url, init);
      const response = await turn(gate, pace, () => send(url, init));
      if (response.status === 429) await pauseGate(database(), gate, retryAfterS(response, now()) ?? (pace.serial ? 2 : 20), "rate_limited");
      return response;
    },
  };
}
