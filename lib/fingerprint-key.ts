import { randomBytes } from "node:crypto";
import { type Database, database } from "@/db/client";
import { anySessions, findOwnSecret, insertOwnSecret } from "@/db/own-secrets";
import { env } from "./env";
import { fingerprintKeyOf, type Place, seal, unseal } from "./vault";

const NAME = "fingerprints";
const place: Place = { table: "own_secrets", column: "value", row: NAME, merchant: "" };
const known = new WeakMap<Database, Promise<Buffer>>();

/**
 * What fingerprints are made with: the same in every process, whichever of its keys seals, so that nothing is looked for in vain while
 * the keys are rotated. Throws VaultError.
 */
export function fingerprintKey(): Promise<Buffer> {
  const db = database();
  const found = known.get(db) ?? read(db);
  known.set(db, found);
  found.catch(() => known.delete(db));
  return found;
}

async function read(db: Database): Promise<Buffer> {
  const there = await findOwnSecret(db, NAME);
  if (there !== null) return Buffer.from(unseal(there, place), "base64url");
  const [first] = env().LATCHKEY_KEYS;
  // Fingerprints that are there already were made with what follows from the first key.
  const secret = first && (await anySessions(db)) ? fingerprintKeyOf(first) : randomBytes(32);
  await insertOwnSecret(db, NAME, seal(secret.toString("base64url"), place));
  return read(db);
}
