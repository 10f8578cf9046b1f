import "server-only";
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Sealed } from "@/db/sealed";
import { env } from "./env";
import type { Key } from "./key-ring";
import { noteSealing } from "./sealings";

/** Where a sealed value stands. It opens nowhere else. `merchant` is empty for the installation's own values. */
export type Place = { table: string; column: string; row: string; merchant: string };

/** `unknown_key`: a key is missing, named by `keyId`; `tampered`: changed, moved or sealed by another key of that id. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  constructor(
    readonly code: "unknown_key" | "tampered" | "unknown_version",
    readonly keyId: string | null,
  ) {
    super(keyId === null ? code : `${code}: ${keyId}`);
  }
}

const VERSION = "lk1";
const TAG_BYTES = 16;

function associated(keyId: string, place: Place): Buffer {
  return Buffer.from(JSON.stringify([VERSION, keyId, place.table, place.column, place.row, place.merchant]));
}

const secrets = new WeakMap<Key, KeyObject>();

/** What OpenSSL works with, made once: making it of the bytes takes four times as long as what it is made for. */
function secretOf(key: Key): KeyObject {
  const made = secrets.get(key) ?? createSecretKey(key.bytes);
  secrets.set(key, made);
  return made;
}

/** AES-256-GCM with a random 96-bit IV (NIST SP 800-38D 8.2.2), bound to its place. */
export function seal(plain: string, place: Place, keys: readonly Key[] = env().LATCHKEY_KEYS): Sealed {
  const key = keys[0];
  if (!key) throw new VaultError("unknown_key", null);
  noteSealing(key.id);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", secretOf(key), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated(key.id, place));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, key.id, iv.toString("base64url"), body.toString("base64url")].join(".") as Sealed;
}

/** The plain text. Throws VaultError; nothing is returned before the tag was verified. */
export function unseal(sealed: Sealed, place: Place, keys: readonly Key[] = env().LATCHKEY_KEYS): string {
  const [version, keyId = "", iv = "", body = "", ...rest] = sealed.split(".");
  if (version !== VERSION || rest.length > 0) throw new VaultError("unknown_version", null);
  const key = keys.find((candidate) => candidate.id === keyId);
  if (!key) throw new VaultError("unknown_key", keyId);
  const bytes = Buffer.from(body, "base64url");
  const nonce = Buffer.from(iv, "base64url");
  // Node skips what is not base64, so that many texts would stand for the same bytes.
  const exact = bytes.toString("base64url") === body && nonce.toString("base64url") === iv;
  if (!exact || bytes.length < TAG_BYTES || nonce.length !== 12) throw new VaultError("tampered", keyId);
  const decipher = createDecipheriv("aes-256-gcm", secretOf(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated(keyId, place));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    throw new VaultError("tampered", keyId);
  }
}

/** The same value at another place, sealed anew. */
export function reseal(sealed: Sealed | null, from: Place, to: Place): Sealed | null {
  return sealed === null ? null : seal(unseal(sealed, from), to);
}

/** What fingerprints were made with before they had a key of their own. */
export const fingerprintKeyOf = (key: Key): Buffer => createHmac("sha256", key.bytes).update("latchkey fingerprint").digest();

/** A keyed fingerprint: equal inputs are recognised, nothing can be guessed from a dump. */
export function fingerprint(parts: readonly string[], key: Buffer): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
}
