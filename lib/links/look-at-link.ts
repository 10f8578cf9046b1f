import { database } from "@/db/client";
import { findLinkByToken, type LinkRow } from "@/db/connect-links";
import { findConnection } from "@/db/connections";
import { hashToken } from "@/lib/auth/session-token";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offers } from "@/lib/offers/offers";
import { type Closed, closedBy } from "./closed";

/** Whose it is and what it is for. */
export type LinkFace = Pick<LinkRow, "merchantId" | "merchantName" | "expiresAt"> & {
  /** Null: whichever one chooses. */
  platform: { provider: string; platformName: string | null } | null;
  /** The store that is to be reconnected; its name null: it has none. */
  store: { name: string | null } | null;
};

/** What a link's own page may tell: `elsewhere` names nothing but that. `yours`: this browser opened it before. */
export type Looked =
  | { kind: "open" | "yours"; link: LinkFace }
  | { kind: "closed"; why: Closed; link: string | null }
  | { kind: "elsewhere" };

const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** Reads and changes nothing, however often and whoever looks. Null: no such link. `cookie` reads the secret that a link's browser keeps. */
export async function lookAtLink(token: string, cookie: (id: string) => string | undefined): Promise<Looked | null> {
  const link = isToken(token) ? await findLinkByToken(database(), hashToken(token)) : null;
  if (!link) return null;
  const secret = cookie(link.id);
  const yours = secret !== undefined && hashToken(secret) === link.browserHash;
  const why = closedBy(link);
  if (why) return { kind: "closed", why, link: yours ? link.id : null };
  if (link.browserHash !== null && !yours) return { kind: "elsewhere" };
  return { kind: yours ? "yours" : "open", link: await faceOf(link) };
}

async function faceOf({ merchantId, merchantName, offer, connectionId, expiresAt }: LinkRow): Promise<LinkFace> {
  await freshOffers();
  const known = offers().find(({ slug }) => slug === offer);
  const store = connectionId === null ? null : await findConnection(database(), connectionId);
  return {
    merchantId,
    merchantName,
    expiresAt,
    platform: offer === null ? null : { provider: known?.provider.id ?? offer, platformName: known?.name ?? null },
    store: store && { name: store.label ?? store.accountLabel ?? store.accountId },
  };
}

/** The language that a link was made for; null: none was named, or there is no such link. */
export async function localeOfLink(token: string): Promise<string | null> {
  const link = isToken(token) ? await findLinkByToken(database(), hashToken(token)) : null;
  return link?.locale ?? null;
}
