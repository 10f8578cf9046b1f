import type { Policy } from "@/lib/providers/contract";

const HOUR_S = 3_600;

/**
 * Seconds until the platform is asked again whether a grant still stands: half a day, or a little less than the day that the proof of
 * what is fetched on demand counts for. Access whose end nobody named is asked for by the hour. At random up to a fifth sooner.
 */
export function nextProofS(policy: Policy, expiresAt: Date | null, random: () => number = Math.random): number {
  const endless = policy.kind === "refresh_token" && expiresAt === null;
  const longestS = endless ? HOUR_S : policy.kind === "on_demand" || policy.kind === "static_key" ? 20 * HOUR_S : 12 * HOUR_S;
  return Math.round(longestS * (0.8 + 0.2 * random()));
}
