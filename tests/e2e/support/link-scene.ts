import { connectLinks } from "@/db/api-tables";
import { database } from "@/db/client";
import { attempts } from "@/db/schema";
import { hashToken } from "@/lib/auth/session-token";
import { linkCookie } from "@/lib/links/link-cookie";
import { inDays, inMinutes } from "./store-states";

const names = ["open", "store", "elsewhere", "used", "expired", "revoked", "mine", "done", "again"] as const;
export type LinkName = (typeof names)[number];

const idOf = (name: LinkName) => `lnk_${name.padEnd(20, "0")}`;
const tokenOf = (name: LinkName) => name.padEnd(43, "x");
/** What the guest's browser keeps of every link that is its own. */
const SECRET = "a-browser-that-came-by-a-link";
const own = ["mine", "done", "again"] as const satisfies readonly LinkName[];

/** Addresses of links and of the pages that they open. */
export const linkPath = (name: LinkName): string => `/link/${tokenOf(name)}`;
export const byLink = (name: (typeof own)[number], after = ""): string => `/by-link/${idOf(name)}${after}`;
export const linkAttempts = { connected: "att_byalinkconnected", denied: "att_byalinkdenied", other: "att_byalinkother" };

/** The cookies of somebody who came by links and has no account. */
export const guestCookies: Record<string, string> = Object.fromEntries(own.map((name) => [linkCookie(idOf(name), false), SECRET]));

/** Links of a merchant in every state, and what came of some of them. */
export async function setLinks(merchantId: string, stores: Record<string, string>): Promise<void> {
  const more: Record<LinkName, Partial<typeof connectLinks.$inferInsert>> = {
    open: { offer: "square", locale: null },
    store: { offer: "square", connectionId: stores.needs_reconnect },
    elsewhere: { browserHash: hashToken("another browser"), boundAt: inDays(-1) },
    used: { usedAt: inDays(-1), resultId: stores.healthy },
    expired: { expiresAt: inDays(-1) },
    revoked: { revokedAt: inDays(-1) },
    mine: {},
    done: { usedAt: inDays(0), resultId: stores.healthy, returnUrl: "https://caravan.example/stores" },
    again: { offer: "square", connectionId: stores.healthy, returnUrl: "https://caravan.example/stores" },
  };
  await database()
    .insert(connectLinks)
    .values(
      names.map((name) => ({
        id: idOf(name),
        tokenHash: hashToken(tokenOf(name)),
        merchantId,
        createdByKind: "key" as const,
        createdBy: "key_scene",
        createdByName: "orders-sync",
        expiresAt: inDays(3),
        ...((own as readonly LinkName[]).includes(name) && { browserHash: hashToken(SECRET), boundAt: inMinutes(-5) }),
        ...more[name],
      })),
    );
  const attempt = { offer: "square", offerFingerprint: "scene", merchantId, expiresAt: inMinutes(9), status: "finished" as const };
  await database()
    .insert(attempts)
    .values([
      { ...attempt, id: linkAttempts.connected, userId: idOf("done"), outcome: "connected", resultId: stores.healthy },
      { ...attempt, id: linkAttempts.denied, userId: idOf("again"), outcome: "denied", troubleCode: "access_denied" },
      {
        ...attempt,
        id: linkAttempts.other,
        userId: idOf("again"),
        outcome: "different_account",
        connectionId: stores.healthy,
        resultId: stores.expiring_soon,
      },
    ]);
}
