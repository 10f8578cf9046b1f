import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { env } from "@/lib/env";
import { findLinkActor } from "@/lib/links/find-link-actor";
import { linkCookie } from "@/lib/links/link-cookie";
import { isLinkId } from "@/lib/links/link-id";
import { freshOffers } from "@/lib/offers/fresh-offers";
import type { Connector, LinkActor } from "./actor";
import { requireActor } from "./session";

/** Who came by that link, read from the database once per request; null: this is not the browser that it belongs to. */
export const linkOfRequest = cache(async (id: string): Promise<LinkActor | null> => {
  const secure = env().LATCHKEY_URL.startsWith("https:");
  const actor = await findLinkActor(id, (await cookies()).get(linkCookie(id, secure))?.value);
  if (actor) await freshOffers();
  return actor;
});

/**
 * For pages and server actions of connecting, before the first byte: by the link that they name, or else whoever is signed in. Whoever wants to
 * begin something by a link that is over, or has another browser, is told so.
 */
export async function requireConnector(link: unknown, operation?: "connection.connect"): Promise<Connector> {
  return typeof link === "string" && link !== "" ? requireLink(link, operation) : requireActor(operation);
}

export async function requireLink(link: string, operation?: "connection.connect"): Promise<LinkActor> {
  if (!isLinkId(link)) notFound();
  const actor = await linkOfRequest(link);
  if (!actor || (operation && actor.closed)) redirect(`/by-link/${link}/closed`);
  return actor;
}
