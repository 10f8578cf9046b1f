import { markExposed } from "@/db/api-keys";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { hashToken } from "@/lib/auth/session-token";
import { actorOfKey } from "./find-key";

/** A key that came in an address stands in logs from now on: it is marked, once, so that an admin replaces it. */
export async function exposeKey(token: string): Promise<void> {
  await transaction(async (tx) => {
    const key = await markExposed(tx, hashToken(token));
    if (key) await insertEvent(tx, { kind: "key.exposed", actor: actorOfKey(key), facts: { key: key.id, name: key.name } });
  });
}
