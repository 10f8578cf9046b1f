import { hash, randomBytes } from "node:crypto";

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What the database keeps of a session's cookie: a token of 256 bits needs no slow hash. */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}
