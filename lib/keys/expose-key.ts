import { markExposed, unexposed } from "@/db/api-keys";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { hashToken } from "@/lib/auth/session-token";
import { actorOfKey } from "./find-key";

/** Keys that came in an address stand in logs from now on: they are marked, once, so that an admin replaces them. What is none costs one look. */
export async function exposeKeys(tokens: readonly string[]): Promise<void> {
  for (const tokenHash of await unexposed(database(), tokens.map(hashToken)))
    await transaction(async (tx) => {
      const key = await markExposed(tx, tokenHash);
      if (key) await insertEvent(tx, { kind: "key.exposed", actor: actorOfKey(key), facts: { key: key.id, name: key.name } });
    });
}
