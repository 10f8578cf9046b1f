import { createHash, timingSafeEqual } from "node:crypto";

const hash = (text: string) => createHash("sha256").update(text).digest();

/** Whether an Authorization header carries that secret. Hashes are compared, so that neither what is sent nor how long it is shows in the time. */
export function hasBearer(authorization: string | null | undefined, secret: string): boolean {
  const [, sent = ""] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return timingSafeEqual(hash(sent), hash(secret));
}
