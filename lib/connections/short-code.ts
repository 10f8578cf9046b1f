import { createHash } from "node:crypto";

/** Without what reads like something else: 0 and O, 1, I and L, U and V. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ";

/** Six characters that stand for one connection: typing them shows that this very one is meant. No secret. */
export function shortCode(id: string): string {
  const digest = createHash("sha256").update(id).digest();
  return Array.from(digest.subarray(0, 6), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** However it was typed or pasted. */
export function isShortCode(typed: string, id: string): boolean {
  return typed.replace(/[^a-z0-9]/gi, "").toUpperCase() === shortCode(id);
}
