import { createHmac } from "node:crypto";
import type { Seeding } from "./seeding";

export type SecretKind =
  | "square-access"
  | "square-refresh"
  | "ultracart-access"
  | "ultracart-refresh"
  | "oauth2-access"
  | "oauth2-refresh"
  | "norce-secret";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

const derive = ({ secret }: Seeding, what: string): Buffer => createHmac("sha256", Buffer.from(secret, "hex")).update(what).digest();

/** What a platform issued to a seeded row: its number can be read from it and nobody without the seed can make one. */
export function secretOf(seeding: Seeding, kind: SecretKind, index: number): string {
  const mark = derive(seeding, `${kind} ${index}`).subarray(0, 16).toString("base64url");
  return `CNRY-demo-${kind}-${index.toString(36)}-${mark}`;
}

/** An id as the product makes them, but the same one for the same number. */
export function idOf(seeding: Seeding, prefix: "con" | "mer" | "usr" | "mem" | "att", number: number): string {
  const bytes = derive(seeding, `${prefix} ${number}`).subarray(0, 20);
  return `${prefix}_${Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("")}`;
}

export function noonKeyId(seeding: Seeding, index: number): string {
  return `noon-partners-key-id-demo-${index.toString(36)}-${derive(seeding, `noon key ${index}`).toString("hex").slice(0, 32)}`;
}

const ISSUED = /CNRY-demo-([a-z0-9]+-[a-z]+)-([0-9a-z]{1,5})-[\w-]{22}/g;
const KEY = /noon-partners-key-id-demo-([0-9a-z]{1,5})-[0-9a-f]{32}/g;

/** The rows whose own secrets stand in a text. What only looks like one is none. */
export function rowsNamedIn(seeding: Seeding, text: string): Set<number> {
  const found = new Set<number>();
  const note = (index: number, isOne: (index: number) => boolean) => index < seeding.rows && isOne(index) && found.add(index);
  for (const [token, kind, digits] of text.matchAll(ISSUED))
    note(Number.parseInt(digits ?? "", 36), (index) => secretOf(seeding, kind as SecretKind, index) === token);
  for (const [id, digits] of text.matchAll(KEY)) note(Number.parseInt(digits ?? "", 36), (index) => noonKeyId(seeding, index) === id);
  return found;
}
