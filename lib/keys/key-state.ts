export type KeyState = "good" | "ends_soon" | "expired" | "revoked" | "exposed";

const DAY_MS = 86_400_000;
/** Long enough to hand another one out. */
const SOON_DAYS = 14;
const UNUSED_DAYS = 60;

type Facts = { createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; exposedAt: Date | null; lastUsedAt: Date | null };

/** How a key stands at `now`, the worst first. */
export function keyState({ expiresAt, revokedAt, exposedAt }: Facts, now: Date): KeyState {
  if (revokedAt) return "revoked";
  if (expiresAt && expiresAt <= now) return "expired";
  if (exposedAt) return "exposed";
  return expiresAt && expiresAt.getTime() - now.getTime() < SOON_DAYS * DAY_MS ? "ends_soon" : "good";
}

/** Nobody has used it for so long that nobody may need it. */
export const isUnused = ({ createdAt, lastUsedAt }: Facts, now: Date): boolean =>
  now.getTime() - (lastUsedAt ?? createdAt).getTime() > UNUSED_DAYS * DAY_MS;
