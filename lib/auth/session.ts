import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { freshOffers } from "@/lib/offers/fresh-offers";
import type { UserActor } from "./actor";
import { findActor } from "./find-actor";
import { type Operation, reach } from "./permissions";
import { refused } from "./refusals";
import { returnPath } from "./return-path";
import { sessionCookie } from "./session-cookie";

// Whoever is known to be there is answered by the platforms as they are now.
const actorOfRequest = cache(async () => {
  const actor = await findActor((await cookies()).get(sessionCookie().name)?.value);
  if (actor) await freshOffers();
  return actor;
});

/** Who asks, read from the database once per request; null when nobody is signed in. */
export async function currentActor(): Promise<UserActor | null> {
  const actor = await actorOfRequest();
  return actor === "no_role" ? null : actor;
}

/**
 * For pages and server actions, before the first byte: nobody signed in is sent to sign in and comes back to this page;
 * a role that lacks the operation altogether gets 403. What belongs to whom is decided by the verbs.
 */
export async function requireActor(operation?: Operation): Promise<UserActor> {
  const actor = await actorOfRequest();
  if (actor === "no_role") redirect("/sign-in?notice=no_access");
  if (!actor) redirect(await signInPath());
  if (operation && reach(actor, operation) === "no") {
    refused({ actor, operation, status: 403 });
    forbidden();
  }
  return actor;
}

async function signInPath(): Promise<string> {
  const query = new URLSearchParams();
  // Set by proxy.ts. It only says where to come back to, so a forged one does no harm.
  const to = returnPath((await headers()).get("x-latchkey-path"));
  if (to !== "/") query.set("to", to);
  if ((await cookies()).has(sessionCookie().name)) query.set("notice", "expired");
  return query.size > 0 ? `/sign-in?${query}` : "/sign-in";
}
