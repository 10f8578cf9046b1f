import type { Policy } from "@/lib/providers/contract";

/** What many grants have in common is spread over this share of the time until it, always to the earlier side. */
const SPREAD = 0.1;
const LAST_CALL_SHARE = 0.1;
const LAST_CALL_MS = 300_000;
/** Access that is over as soon as it comes is a clock that is wrong, here or there: asking at once would bring the same again. */
const ODD_LIFE_MS = 30_000;
const ODD_WAIT_MS = 300_000;
const LEAST_WAIT_MS = 10_000;

/**
 * When a grant is to be renewed, by its platform's policy: at its line, but never later than a tenth of its life or five minutes before its
 * end, and spread. What is fetched on demand is kept warm by the same rule as long as somebody uses it (`renew-once`). Null: its end is
 * not known, so that it is probed instead, or nothing renews it.
 */
export function nextRefresh(policy: Policy, issuedAt: Date, expiresAt: Date | null, random: () => number = Math.random): Date | null {
  if (policy.kind === "none") return null;
  const from = issuedAt.getTime();
  const lines = [lastCall(issuedAt, expiresAt), moment(policy.renewAfter, issuedAt, expiresAt)].flatMap((line) => line?.getTime() ?? []);
  if (lines.length === 0) return null;
  const due = Math.min(...lines);
  const odd = expiresAt !== null && expiresAt.getTime() - from < ODD_LIFE_MS;
  return new Date(Math.max(due - random() * SPREAD * Math.max(0, due - from), from + (odd ? ODD_WAIT_MS : LEAST_WAIT_MS)));
}

function lastCall(issuedAt: Date, expiresAt: Date | null): Date | null {
  if (expiresAt === null) return null;
  const life = Math.max(0, expiresAt.getTime() - issuedAt.getTime());
  return new Date(expiresAt.getTime() - Math.min(life * LAST_CALL_SHARE, LAST_CALL_MS));
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
