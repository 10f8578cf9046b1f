import { insertKey, type NewApiKey } from "@/db/api-keys";
import type { Tx } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { hashToken } from "@/lib/auth/session-token";
import { keyHint, newKeyToken } from "./key-token";

const DAY_S = 86_400;

export type MadeKey = { id: string; token: string };
type Asked = Pick<NewApiKey, "name" | "scopes" | "merchantIds" | "offers" | "requestsPerSecond" | "replaces"> & { days: number | null };

/** Makes a key as asked for and tells of it. `token` is handed out this once and is known nowhere afterwards. */
export async function makeKey(tx: Tx, actor: UserActor, { days, ...asked }: Asked): Promise<MadeKey> {
  const token = newKeyToken();
  const row = {
    ...asked,
    id: newId("key"),
    tokenHash: hashToken(token),
    hint: keyHint(token),
    createdBy: actor.id,
    createdByName: actor.name,
    livesS: days === null ? null : days * DAY_S,
  };
  await insertKey(tx, row);
  const facts = { key: row.id, name: row.name, scopes: row.scopes.join(" "), days, replaces: row.replaces };
  await insertEvent(tx, { kind: "key.created", actor, facts });
  return { id: row.id, token };
}
