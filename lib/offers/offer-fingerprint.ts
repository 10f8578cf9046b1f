import { createHash } from "node:crypto";

/** Of an offer's open settings; whoever names them all changes it with any of them. */
export const offerFingerprint = (slug: string, open: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify([slug, open]))
    .digest("base64url");
