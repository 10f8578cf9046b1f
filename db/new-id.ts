import { randomBytes } from "node:crypto";

/** Crockford's base 32, lower case: nothing in it is taken for something else. */
export const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Five bits of each byte. */
export const crockford = (bytes: Uint8Array): string => Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("");

/** A random id such as `con_8d3k…`: 100 bits. */
export const newId = (prefix: string): string => `${prefix}_${crockford(randomBytes(20))}`;
