import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { beginSealing, insertKeyCheck, type KeyMark, readKeyChecks } from "@/db/key-checks";
import type { Sealed } from "@/db/sealed";
import { worker } from "./auth/actor";
import { env } from "./env";
import { ConfigurationError } from "./errors";
import type { Key } from "./key-ring";
import { type Place, seal, unseal } from "./vault";

const KNOWN = "latchkey key check";
const place = (keyId: string): Place => ({ table: "key_checks", column: "value", row: keyId, merchant: "" });

/** What a key is known again by. */
export const markOf = (key: Key): Sealed => seal(KNOWN, place(key.id), [key]);

/** Throws ConfigurationError, naming the key's id, when a key that sealed this database is missing or another one. Writes nothing. */
export async function checkKeys(keys: readonly Key[] = env().LATCHKEY_KEYS): Promise<void> {
  const faults = keyFaults(await readKeyChecks(database()), keys);
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** What is wrong with these keys, where those marks are what keys left in the database. */
export function keyFaults(marks: readonly KeyMark[], keys: readonly Key[]): string[] {
  return marks.flatMap((mark) => faultOf(mark, keys) ?? []);
}

function faultOf({ keyId, value, stage }: KeyMark, keys: readonly Key[]): string | null {
  const at = keys.findIndex(({ id }) => id === keyId);
  // Without a key that has sealed nothing yet, and without one by which nothing is sealed any more, everything is read.
  if (at === -1)
    return stage === "sealing"
      ? `The database is sealed with key ${keyId}, which LATCHKEY_KEYS does not hold. Put that key back, another one opens nothing; nothing was changed.`
      : null;
  if (!opens(keyId, value, keys))
    return stage === "retired"
      ? `Key ${keyId} in LATCHKEY_KEYS has the id of one that was retired. Give the new one another id; nothing was changed.`
      : `Key ${keyId} in LATCHKEY_KEYS is not the one that sealed this database. Put the right one back; nothing was changed.`;
  if (stage === "retired" && at === 0)
    return `Key ${keyId} stands first in LATCHKEY_KEYS and was retired. Put the key that took its place first; nothing was changed.`;
  return null;
}

function opens(keyId: string, value: Sealed, keys: readonly Key[]): boolean {
  try {
    return unseal(value, place(keyId), keys) === KNOWN;
  } catch {
    return false;
  }
}

/**
 * Leaves a mark of every key, so that the next start knows it again, and of the first one that it seals from now on: no start may do
 * without it any more. Throws where another process was first with another key.
 */
export async function markKeys(): Promise<void> {
  const known = await readKeyChecks(database());
  const keys = env().LATCHKEY_KEYS;
  for (const key of keys)
    if (!known.some(({ keyId }) => keyId === key.id)) await insertKeyCheck(database(), key.id, markOf(key), "opening");
  await checkKeys();
  const [first] = keys;
  if (!first || known.some(({ keyId, stage }) => keyId === first.id && stage !== "opening")) return;
  await transaction(async (tx) => {
    const begun = await beginSealing(tx, first.id);
    if (begun && begun.others > 0) await insertEvent(tx, { kind: "encryption_key.promoted", actor: worker, facts: { key: first.id } });
  });
}
