import { randomBytes } from "node:crypto";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertKeyCheck, readKeyChecks } from "@/db/key-checks";
import { command } from "@/lib/auth/actor";
import { markOf } from "@/lib/check-keys";
import { env } from "@/lib/env";
import { keepRing } from "./keep-ring";
import { refused, type Told } from "./told";

/** Makes a key that opens and does not seal yet. Its mark in the database keeps another one of that id away. */
export async function addKey(folder?: string): Promise<Told> {
  const ring = env().LATCHKEY_KEYS;
  const ids = [...ring, ...(await readKeyChecks(database())).map(({ keyId }) => ({ id: keyId }))].map(({ id }) => id);
  const key = { id: nextId(ids), bytes: randomBytes(32) };
  const made = await transaction(async (tx) => {
    if (!(await insertKeyCheck(tx, key.id, markOf(key), "opening"))) return false;
    await insertEvent(tx, { kind: "encryption_key.added", actor: command, facts: { key: key.id } });
    return true;
  });
  if (!made) return refused(`Somebody else has made a key ${key.id} at this moment. Try again.`);
  const next = `When every process has it: npm run keys -- promote ${key.id}`;
  return keepRing([...ring, key], `Key ${key.id} is made. It opens, and seals nothing yet.`, next, folder);
}

/** No id is ever used twice, whatever became of its key. */
function nextId(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}
