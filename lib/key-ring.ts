import { hkdfSync } from "node:crypto";

export type Key = { id: string; bytes: Buffer };

export const HOW_TO_MAKE_A_KEY = "Make one with: node -e \"console.log('k1:' + require('crypto').randomBytes(32).toString('base64'))\"";

export const HOW_TO_MAKE_A_SECRET = "Make one with: openssl rand -base64 33";

/** Keys from `<id>:<base64 of 32 bytes>`, comma-separated, the first is primary. Faults are sentences that quote nothing. */
export function parseKeys(text: string): { keys: Key[]; faults: string[] } {
  const faults: string[] = [];
  const keys: Key[] = [];
  for (const [index, part] of text
    .split(",")
    .map((piece) => piece.trim())
    .entries()) {
    const [id = "", base64 = "", ...rest] = part.split(":");
    const name = `LATCHKEY_KEYS: key number ${index + 1}`;
    const bytes = Buffer.from(base64, "base64");
    // An id is not quoted: a key that was pasted without one, or the wrong way round, stands in its place.
    if (rest.length > 0 || !/^[A-Za-z0-9_-]{1,32}$/.test(id))
      faults.push(`${name} is not of the form <id>:<base64 of 32 bytes>. ${HOW_TO_MAKE_A_KEY}`);
    else if (bytes.toString("base64") !== base64) faults.push(`${name} is not base64 of 32 bytes. ${HOW_TO_MAKE_A_KEY}`);
    else if (bytes.length !== 32) faults.push(`${name} has ${bytes.length} bytes instead of 32. ${HOW_TO_MAKE_A_KEY}`);
    else if (weak(bytes)) faults.push(`${name} is not random (zeros, a sample or readable text). ${HOW_TO_MAKE_A_KEY}`);
    else if (keys.some((key) => key.id === id))
      faults.push(`${name} has the id of another one. Give each key its own. ${HOW_TO_MAKE_A_KEY}`);
    else keys.push({ id, bytes });
  }
  return { keys, faults };
}

/** A key by itself, without an id. */
export function parseKey(name: string, base64: string, faults: string[]): Buffer {
  const key = Buffer.from(base64, "base64");
  if (key.toString("base64") !== base64 || key.length !== 32 || weak(key))
    faults.push(`${name} is not base64 of 32 random bytes. Make one with: openssl rand -base64 32`);
  return key;
}

/** The same key whenever the same secret is there: for what a secret of its own need not be configured for. */
export function deriveKey(secret: string, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", secret, "", `latchkey ${purpose}`, 32)).toString("base64");
}

/** As LATCHKEY_KEYS has them. */
export const formatKeys = (keys: readonly Key[]): string => keys.map(({ id, bytes }) => `${id}:${bytes.toString("base64")}`).join(",");

/** 32 random bytes hold more than 16 different values and are never all printable, but for odds below 1 in 10^9. */
function weak(bytes: Buffer): boolean {
  return new Set(bytes).size <= 16 || bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
