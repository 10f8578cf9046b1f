import type { Policy } from "@/lib/providers/contract";

/** When a grant is due, by its platform's policy; null: on demand, or never. */
export function nextRefresh(policy: Policy, issuedAt: Date, expiresAt: Date | null): Date | null {
  return policy.kind === "refresh_token" ? moment(policy.renewAfter, issuedAt, expiresAt) : null;
}

/** The moment that a policy's line names, in this grant's life; null where the life is not known. */
export function moment(line: Policy["renewAfter"], issuedAt: Date, expiresAt: Date | null): Date | null {
  if (line === null) return null;
  if ("s" in line) return new Date(Math.min(issuedAt.getTime() + line.s * 1000, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY));
  if (expiresAt === null) return null;
  return new Date(issuedAt.getTime() + line.share * (expiresAt.getTime() - issuedAt.getTime()));
}

const FIRST_S = 15;
const LONGEST_S = 3_600;

/** Seconds until the next try: exponential with full jitter, never under what the platform asked for. */
export function backoffS(failures: number, askedS = 0, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_S, FIRST_S * 2 ** Math.min(failures, 10));
  return Math.ceil(Math.max(askedS, 2 + random() * ceiling));
}
