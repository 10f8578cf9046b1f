import type { HealthState } from "@/db/schema";
import type { Policy } from "@/lib/providers/contract";
import { moment } from "./next-refresh";

export type { HealthState };

/** In order of precedence. */
export const healthStates = [
  "revoked",
  "pending",
  "needs_reconnect",
  "expired_renewable",
  "refresh_failing",
  "renewal_late",
  "expiring_soon",
  "unknown",
  "renewing",
  "healthy",
] as const satisfies readonly HealthState[];

/** Who must act comes first: the owner, then staff, then nobody. */
export const attention: Record<HealthState, number> = {
  needs_reconnect: 0,
  expiring_soon: 1,
  pending: 2,
  expired_renewable: 3,
  unknown: 4,
  refresh_failing: 5,
  renewal_late: 6,
  renewing: 7,
  healthy: 8,
  revoked: 9,
};

export type HealthFacts = {
  status: "pending" | "active" | "reconnect" | "revoking" | "revoked";
  issuedAt: Date | null;
  expiresAt: Date | null;
  renewableUntil: Date | null;
  renewable: boolean;
  lastProofAt: Date | null;
  firstFailureAt: Date | null;
  failures: number;
  trouble: string | null;
  /** A renewal is running: its lease's end. */
  leaseUntil: Date | null;
  /** A call that spends the grant was sent, and nothing settled since. */
  sentAt: Date | null;
};

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How old a proof may be before a state is only a guess: on-demand and key grants are used at least daily, others renew. */
const FRESH_MS = { refresh_token: 40 * DAY, on_demand: DAY, static_key: 7 * DAY, none: 7 * DAY } as const;
/** An end that nobody named is found by asking, every hour. */
const FRESH_WITHOUT_END_MS = DAY;

const freshMs = (policy: Policy, expiresAt: Date | null): number =>
  policy.kind === "refresh_token" && expiresAt === null ? FRESH_WITHOUT_END_MS : FRESH_MS[policy.kind];

/** A platform's policy, and until when an admin holds its renewals back. */
export type Rules = Policy & { pausedUntil?: Date | null };

/** Exactly one state for any facts: does it work, and who must act. Lateness counts, not nearness, and not what an admin asked for. */
export function health(facts: HealthFacts, policy: Rules, now: Date): HealthState {
  const at = now.getTime();
  const { status, issuedAt, expiresAt, renewableUntil } = facts;
  if (status === "revoked" || status === "revoking") return "revoked";
  if (status === "pending") return "pending";
  if (status === "reconnect") return "needs_reconnect";
  const expired = expiresAt !== null && at >= expiresAt.getTime();
  const over = expired || expiresAt === null || policy.kind === "static_key";
  if (renewableUntil !== null && at >= renewableUntil.getTime() && over) return "needs_reconnect";
  if (policy.kind !== "on_demand" && policy.kind !== "static_key" && expired) {
    if (policy.graceS === null) return "expired_renewable";
    return at < expiresAt.getTime() + policy.graceS * 1000 ? "expired_renewable" : "needs_reconnect";
  }
  const failingFor = facts.firstFailureAt === null ? 0 : at - facts.firstFailureAt.getTime();
  // On demand: access that ran out is normal; it matters only when the next could not be fetched.
  if (expired && failingFor > 15 * MINUTE) return "expired_renewable";
  if (facts.leaseUntil !== null && at < facts.leaseUntil.getTime()) return "renewing";
  if (facts.trouble === "doubt" || facts.sentAt !== null || facts.failures >= 2 || failingFor > 15 * MINUTE) return "refresh_failing";
  const late = issuedAt === null ? null : moment(policy.lateAfter, issuedAt, expiresAt);
  const paused = policy.pausedUntil != null && at < policy.pausedUntil.getTime();
  if (policy.kind === "refresh_token" && late !== null && at > late.getTime() && !paused) return "renewal_late";
  const end = ownerEnd(facts, policy);
  // A key is older than its last session, and how old is not known.
  if (end !== null && end.getTime() - at <= soonMs(policy.kind === "static_key" ? null : issuedAt, end)) return "expiring_soon";
  if (facts.lastProofAt === null || at - facts.lastProofAt.getTime() > freshMs(policy, expiresAt)) return "unknown";
  return "healthy";
}

/**
 * The first moment after `now` at which the state is another one although no fact changes; null: never. Only at these few moments
 * does `health` look at the clock, some of them inclusive and some not.
 */
export function nextChange(facts: HealthFacts, policy: Rules, now: Date): Date | null {
  const { issuedAt, expiresAt, renewableUntil, lastProofAt, firstFailureAt, leaseUntil } = facts;
  const end = ownerEnd(facts, policy);
  const moments = [
    expiresAt,
    expiresAt && policy.graceS !== null ? plus(expiresAt, policy.graceS * 1000) : null,
    renewableUntil,
    firstFailureAt && plus(firstFailureAt, 15 * MINUTE),
    leaseUntil,
    issuedAt && moment(policy.lateAfter, issuedAt, expiresAt),
    policy.pausedUntil ?? null,
    end && plus(end, -soonMs(policy.kind === "static_key" ? null : issuedAt, end)),
    lastProofAt && plus(lastProofAt, freshMs(policy, expiresAt)),
  ];
  const state = health(facts, policy, now);
  const candidates = moments.flatMap((at) => (at === null ? [] : [Math.ceil(at.getTime()), Math.floor(at.getTime()) + 1]));
  const later = candidates.filter((at) => at > now.getTime()).sort((a, b) => a - b);
  const found = later.find((at) => health(facts, policy, new Date(at)) !== state);
  return found === undefined ? null : new Date(found);
}

const plus = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** The moment after which only the merchant can mend a live connection, if nobody does anything before; null: none is known. */
export function pointOfNoReturn(facts: HealthFacts, policy: Policy): Date | null {
  if (facts.status !== "active" || policy.kind === "on_demand") return null;
  if (policy.kind === "none") return facts.expiresAt;
  const lapse = facts.expiresAt && policy.graceS !== null && policy.kind === "refresh_token" ? policy.graceS * 1000 : null;
  const ends = [facts.renewableUntil, lapse === null || facts.expiresAt === null ? null : plus(facts.expiresAt, lapse)];
  const known = ends.filter((end) => end !== null).sort((a, b) => a.getTime() - b.getTime());
  return known[0] ?? null;
}

/** The moment from which only the owner can help; null where it renews by itself or no end is known. */
export function ownerEnd(facts: Pick<HealthFacts, "expiresAt" | "renewableUntil">, policy: Policy): Date | null {
  if (policy.kind === "none") return facts.expiresAt;
  return policy.kind === "static_key" || policy.kind === "refresh_token" ? facts.renewableUntil : null;
}

/** Near enough to tell the owner: 20 % of the life, between three and fourteen days; fourteen where the life is not known. */
function soonMs(issuedAt: Date | null, end: Date): number {
  if (issuedAt === null) return 14 * DAY;
  const life = end.getTime() - issuedAt.getTime();
  // Half of a short life: what was connected an hour ago is not ending "soon" from its first minute.
  return Math.min(14 * DAY, Math.max(3 * DAY, life * 0.2), life / 2);
}

/** What a merchant is told: five words. */
export const merchantWords = ["needs_you", "interrupted", "not_checked", "working", "revoked"] as const;
export type MerchantWord = (typeof merchantWords)[number];

export function merchantWord(state: HealthState): MerchantWord {
  switch (state) {
    case "revoked":
      return "revoked";
    case "pending":
    case "needs_reconnect":
    case "expiring_soon":
      return "needs_you";
    case "expired_renewable":
      return "interrupted";
    case "unknown":
      return "not_checked";
    default:
      return "working";
  }
}
