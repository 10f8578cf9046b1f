import { type ApiKeyRow, findLiveKey } from "@/db/api-keys";
import { database } from "@/db/client";
import type { KeyActor } from "@/lib/auth/actor";
import { hashToken } from "@/lib/auth/session-token";
import { clientAddress } from "@/lib/client-address";
import { isKeyToken } from "./key-token";

/** That key. Null: it is none, it was revoked, or it has run out, which all look alike. */
export async function findKey(token: string): Promise<ApiKeyRow | null> {
  return isKeyToken(token) ? findLiveKey(database(), hashToken(token)) : null;
}

export const actorOfKey = ({
  id,
  name,
  scopes,
  merchantIds,
  offers,
}: Pick<ApiKeyRow, "id" | "name" | "scopes" | "merchantIds" | "offers">): KeyActor => ({
  kind: "key",
  id,
  name,
  scopes,
  merchantIds,
  offers,
  address: clientAddress(),
});
