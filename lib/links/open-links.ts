import { database } from "@/db/client";
import { liveLinks } from "@/db/connect-links";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

/** A link that can still be used, as staff see it: its address is known to nobody any more. */
export type LinkView = {
  id: string;
  offer: string | null;
  connectionId: string | null;
  createdByKind: "key" | "user";
  createdByName: string;
  createdAt: Date;
  expiresAt: Date;
  /** A browser has it since. */
  openedAt: Date | null;
};

const MOST = 20;

/** A merchant's links that can still be used, the newest first. */
export async function openLinks(actor: UserActor, merchantId: string): Promise<LinkView[]> {
  authorize(actor, "link.create", { merchantId });
  const rows = await liveLinks(database(), merchantId, MOST);
  return rows.map(({ id, offer, connectionId, createdByKind, createdByName, createdAt, expiresAt, boundAt }) => ({
    id,
    offer,
    connectionId,
    createdByKind,
    createdByName,
    createdAt,
    expiresAt,
    openedAt: boundAt,
  }));
}
