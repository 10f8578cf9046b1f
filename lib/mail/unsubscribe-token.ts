import { createHmac, timingSafeEqual } from "node:crypto";
import { isOwnerMailKind, type OwnerMailKind } from "@/lib/alerts/owner-mail-kinds";
import { env } from "@/lib/env";

function signature(text: string): string {
  const key = createHmac("sha256", env().AUTH_SECRET).update("latchkey unsubscribe").digest();
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** Lets whoever holds it decide about one kind of mail to one person, and nothing else. Good for as long as the mail is kept. */
export function unsubscribeToken(userId: string, kind: OwnerMailKind): string {
  return `${userId}.${kind}.${signature(`${userId}.${kind}`)}`;
}

export function readUnsubscribeToken(token: unknown): { userId: string; kind: OwnerMailKind } | null {
  const [, userId = "", kind = "", given = ""] = /^(\w{1,64})\.(\w{1,40})\.([\w-]{43})$/.exec(String(token)) ?? [];
  if (!isOwnerMailKind(kind)) return null;
  const [right, shown] = [Buffer.from(signature(`${userId}.${kind}`)), Buffer.from(given)];
  return right.length === shown.length && timingSafeEqual(right, shown) ? { userId, kind } : null;
}
