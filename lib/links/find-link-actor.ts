import { database } from "@/db/client";
import { findLink, type LinkRow } from "@/db/connect-links";
import type { LinkActor } from "@/lib/auth/actor";
import { hashToken } from "@/lib/auth/session-token";
import { clientAddress } from "@/lib/client-address";
import { closedBy } from "./closed";
import { isLinkId } from "./link-id";

/** Who came by that link, in the browser that it belongs to. Null: another browser's, or there is none. */
export async function findLinkActor(id: string, secret: string | undefined): Promise<LinkActor | null> {
  if (!secret || !isLinkId(id)) return null;
  const link = await findLink(database(), id);
  return link?.browserHash === hashToken(secret) ? actorOfLink(link) : null;
}

export function actorOfLink(link: LinkRow): LinkActor {
  const { id, merchantId, merchantName, offer, connectionId, resultId } = link;
  return {
    kind: "link",
    id,
    name: merchantName,
    merchants: [{ id: merchantId, name: merchantName }],
    offer,
    connectionId,
    resultId,
    closed: closedBy(link),
    address: clientAddress(),
  };
}
