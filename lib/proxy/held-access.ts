import type { KeyActor } from "@/lib/auth/actor";
import { access } from "@/lib/connections/access";
import { readLive } from "@/lib/connections/access-reading";
import { AppError } from "@/lib/errors";
import type { Offer } from "@/lib/offers/offer";
import { offer } from "@/lib/offers/offers";

/** So long access must work yet when a call leaves with it. */
const LEAST_S = 10;
/** What was read longer ago may have been revoked, paused or renewed since. */
const FRESH_MS = 200;

export type Held = { offer: Offer; apiUrl: string; headers: Record<string, string>; generation: number; readAt: number };

/**
 * What a call is made with, and where. `rejected`: the generation that the platform has just refused. Throws AppError as `access` does, and 409
 * `proxy_not_offered` where nobody knows where the platform's API lives.
 */
export async function heldAccess(actor: KeyActor, connectionId: string, rejected: number | null = null): Promise<Held> {
  const readAt = performance.now();
  const {
    baseUrl,
    headers,
    generation,
    offer: slug,
  } = await access(actor, connectionId, { minTtlS: LEAST_S, rejected }, undefined, "proxy.call");
  if (baseUrl === null) throw new AppError("proxy_not_offered", 409);
  return { offer: offer(slug), apiUrl: baseUrl, headers, generation, readAt };
}

/** The same at the moment of the call, however long its body and its turn were in coming: what was revoked meanwhile leaves with no call. */
export async function stillHeld(actor: KeyActor, connectionId: string, held: Held): Promise<Held> {
  if (performance.now() - held.readAt < FRESH_MS) return held;
  const { generation } = await readLive(actor.id, connectionId, "proxy.call");
  return generation === held.generation ? held : heldAccess(actor, connectionId);
}
