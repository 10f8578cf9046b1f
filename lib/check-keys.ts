import { database } from "@/db/client";
import { insertKeyCheck, readKeyChecks } from "@/db/key-checks";
import type { Sealed } from "@/db/sealed";
import { env } from "./env";
import { ConfigurationError } from "./errors";
import type { Key } from "./key-ring";
import { type Place, seal, unseal } from "./vault";

const KNOWN = "latchkey key check";
const place = (keyId: string): Place => ({ table: "key_checks", column: "value", row: keyId, merchant: "" });

/** Throws ConfigurationError, naming the key's id, when a key that sealed this database is missing or another one. Writes nothing. */
export async function checkKeys(keys: readonly Key[] = env().LATCHKEY_KEYS): Promise<void> {
  const faults = keyFaults(await readKeyChecks(database()), keys);
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** What is wrong with these keys, where those marks are what keys left in the database. */
export function keyFaults(marks: readonly { keyId: string; value: Sealed }[], keys: readonly Key[]): string[] {
  const faults: string[] = [];
  const ids = keys.map((key) => key.id);
  for (const { keyId, value } of marks) {
    if (!ids.includes(keyId))
      faults.push(
        `The database is sealed with key ${keyId}, which LATCHKEY_KEYS does not hold. Put that key back, another one opens nothing; nothing was changed.`,
      );
    else if (!opens(keyId, value, keys))
      faults.push(`Key ${keyId} in LATCHKEY_KEYS is not the one that sealed this database. Put the right one back; nothing was changed.`);
  }
  return faults;
}

function opens(keyId: string, value: Sealed, keys: readonly Key[]): boolean {
  try {
    return unseal(value, place(keyId), keys) === KNOWN;
  } catch {
    return false;
  }
}

/** Leaves a mark of every key, so that the next start knows it again. Throws where another process was first with another key. */
export async function markKeys(): Promise<void> {
  for (const key of env().LATCHKEY_KEYS) await insertKeyCheck(database(), key.id, seal(KNOWN, place(key.id), [key]));
  await checkKeys();
}
