import { database, transaction } from "@/db/client";
import { bindLink, findLinkByToken } from "@/db/connect-links";
import { insertEvent } from "@/db/events";
import { hashToken, newToken } from "@/lib/auth/session-token";
import { actorOfLink } from "./find-link-actor";
import { lookAtLink } from "./look-at-link";

/** `secret`: what this browser is to keep; null: it has it already. */
export type Opened = { id: string; secret: string | null; locale: string | null; expiresAt: Date; path: string };

/** Gives the link to the browser that asks first. Null: it is closed, another browser's, or there is none; its page says which. */
export async function openLink(token: string, cookie: (id: string) => string | undefined): Promise<Opened | null> {
  const looked = await lookAtLink(token, cookie);
  const link = looked?.kind === "open" || looked?.kind === "yours" ? await findLinkByToken(database(), hashToken(token)) : null;
  if (!link) return null;
  const { id, locale, expiresAt, offer } = link;
  const path = `/by-link/${id}${offer === null ? "" : `/${offer}`}`;
  if (looked?.kind === "yours") return { id, secret: null, locale, expiresAt, path };
  const secret = newToken();
  const bound = await transaction(async (tx) => {
    const row = await bindLink(tx, id, hashToken(secret));
    if (!row) return false;
    const facts = { link: id, by: row.createdByName, byKind: row.createdByKind };
    await insertEvent(tx, {
      kind: "link.opened",
      actor: actorOfLink(link),
      merchantId: row.merchantId,
      connectionId: row.connectionId,
      facts,
    });
    return true;
  });
  return bound ? { id, secret, locale, expiresAt, path } : null;
}
