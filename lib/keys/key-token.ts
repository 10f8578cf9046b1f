import { createHash, randomBytes } from "node:crypto";
import { ALPHABET, crockford } from "@/db/new-id";

const BODY = 32;
const SUM = 6;
const FORM = new RegExp(`^lk_[${ALPHABET}]{${BODY + SUM}}$`);

const sumOf = (body: string): string => crockford(createHash("sha256").update(body).digest().subarray(0, SUM));

/** `lk_`, 160 random bits and a checksum, by which a key that was cut off or mistyped is told without asking anybody. */
export function newKeyToken(): string {
  const body = crockford(randomBytes(BODY));
  return `lk_${body}${sumOf(body)}`;
}

/** Whether it can be a key at all. */
export function isKeyToken(text: string): boolean {
  return FORM.test(text) && sumOf(text.slice(3, 3 + BODY)) === text.slice(3 + BODY);
}

export const shortestKey = "lk_".length + BODY + SUM;

const WITHIN = new RegExp(`lk_[${ALPHABET}]{${BODY + SUM}}`, "g");

/** The keys that stand anywhere in a text. */
export const keysWithin = (text: string): string[] => (text.match(WITHIN) ?? []).filter(isKeyToken);

/** What a person tells keys apart by: far too little to guess the rest. */
export const keyHint = (token: string): string => token.slice(0, 8);
