import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A random id such as `con_8d3k…`: 100 bits in Crockford's base 32, lower case. */
export function newId(prefix: string): string {
  return `${prefix}_${Array.from(randomBytes(20), (byte) => ALPHABET[byte & 31]).join("")}`;
}
