import type { ConnectionStatus, HealthState } from "@/db/schema";
import { health, nextChange, pointOfNoReturn } from "@/lib/connections/health";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { policyOf } from "@/lib/connections/view";
import { date, issuedTo } from "./issued";
import type { Plan } from "./plan";
import { idOf } from "./secrets";
import type { Seeding } from "./seeding";

const HOUR = 3_600_000;

/** By which words a platform said that it was over. */
const REFUSALS = {
  square: "refresh_refused",
  ultracart: "refresh_refused",
  oauth2: "refresh_refused",
  noon: "key_refused",
  norce: "wrong_secret",
};
export const REASONS = ["The store was closed", "Asked by the owner", "Moved to another account", "Suspected misuse"] as const;

/** The row of `connections` that a plan is, sealed and with the state that the product itself would work out. */
export function rowOf(seeding: Seeding, plan: Plan, merchantId: string, userId: string) {
  const { index, fate, offer, troubleAt } = plan;
  const owner = { id: idOf(seeding, "con", index), merchantId };
  const revoked = fate === "revoked";
  const grant = revoked
    ? { access: null, renewal: null, renewable: false, expiresAt: null, renewableUntil: null, scopes: [] }
    : sealIssued(issuedTo(seeding, plan), owner, []);
  const status = statusOf(fate);
  const refused = fate === "needs_reconnect";
  const troubled = refused || plan.failures > 0;
  const facts = {
    offer,
    status,
    ...grant,
    issuedAt: date(plan.issuedAt),
    lastProofAt: status === "pending" ? null : date(plan.lastProofAt),
    failures: refused ? 1 : plan.failures,
    firstFailureAt: date(refused ? troubleAt : plan.firstFailureAt),
    trouble: troubled ? (refused ? "reconnect" : "transient") : null,
    leaseUntil: null,
    sentAt: null,
  };
  const now = new Date(seeding.atMs);
  const policy = policyOf(facts);
  const state = health(facts, policy, now);
  const changedAt = date(troubleAt ?? plan.lastProofAt ?? plan.connectedAt) ?? now;
  const by = userId;
  return {
    ...owner,
    ...facts,
    provider: offer,
    environment: plan.environment,
    accountId: status === "pending" ? null : plan.accountId,
    accountLabel: status === "pending" ? null : offer === "noon" ? plan.accountId : plan.store,
    // Noon names no store, and a store that is not connected yet is called what its owner calls it.
    label: offer === "noon" || status === "pending" ? plan.store : null,
    attemptId: status === "pending" ? idOf(seeding, "att", index) : null,
    generation: grant.access === null ? 0 : 1,
    nextRefreshAt: date(plan.nextRefreshAt),
    nextProofAt: status === "active" ? date(plan.nextProofAt) : null,
    troubleCode: troubled ? (refused ? REFUSALS[offer] : "http_503") : null,
    troubleAt: troubled ? date(troubleAt) : null,
    connectedAt: status === "pending" ? null : date(plan.connectedAt),
    connectedBy: by,
    revokeTries: revoked ? 1 : 0,
    ...(revoked && {
      revokeReach: "authorization",
      revokeReason: REASONS[index % REASONS.length],
      revokedBy: by,
      revokeAskedAt: date((troubleAt ?? 0) - 2_000),
      revokeConfirmed: offer === "norce" ? "local" : "remote",
      revokedAt: date(troubleAt),
    }),
    state,
    stateChangesAt: nextChange(facts, policy, now),
    noReturnAt: pointOfNoReturn(facts, policy),
    stateSince: changedAt,
    ownerNeededAt: state === "needs_reconnect" ? changedAt : state === "expiring_soon" ? new Date(seeding.atMs - HOUR) : null,
    createdAt: date(plan.connectedAt),
    updatedAt: changedAt,
  };
}

function statusOf(fate: HealthState): ConnectionStatus {
  if (fate === "needs_reconnect") return "reconnect";
  return fate === "revoked" || fate === "pending" ? fate : "active";
}

export type Row = ReturnType<typeof rowOf>;
