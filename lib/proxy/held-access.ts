import type { KeyActor } from "@/lib/auth/actor";
import { access } from "@/lib/connections/access";
import { AppError } from "@/lib/errors";
import type { Offer } from "@/lib/offers/offer";
import { offer } from "@/lib/offers/offers";

/** So long access must work yet when a call leaves with it. */
const LEAST_S = 10;

export type Held = { offer: Offer; apiUrl: string; headers: Record<string, string>; generation: number };

/**
 * What a call is made with, and where. `rejected`: the generation that the platform has just refused. Throws AppError as `access` does, and 409
 * `proxy_not_offered` where nobody knows where the platform's API lives.
 */
export async function heldAccess(actor: KeyActor, connectionId: string, rejected: number | null = null): Promise<Held> {
  const {
    baseUrl,
    headers,
    generation,
    offer: slug,
  } = await access(actor, connectionId, { minTtlS: LEAST_S, rejected }, undefined, "proxy.call");
  if (baseUrl === null) throw new AppError("proxy_not_offered", 409);
  return { offer: offer(slug), apiUrl: baseUrl, headers, generation };
}
