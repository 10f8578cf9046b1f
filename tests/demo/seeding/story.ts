import { worker } from "@/lib/auth/actor";
import { chance } from "./chance";
import type { Plan } from "./plan";
import { REASONS, type Row } from "./row";
import { type Seeding, seedNumber } from "./seeding";

const DAY = 86_400_000;

export type Told = {
  at: Date;
  kind: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  merchant_id: string;
  connection_id: string;
  attempt_id: string | null;
  reason: string | null;
  facts: Record<string, string | number>;
};

/** What happened to a store so far, short, the oldest first. */
export function storyOf(seeding: Seeding, plan: Plan, row: Row, person: string): Told[] {
  const about = { merchant_id: row.merchantId, connection_id: row.id, attempt_id: row.attemptId, reason: null, facts: {} };
  const user = { actor_kind: "user", actor_id: row.connectedBy, actor_name: person, ...about };
  const system = { actor_kind: worker.kind, actor_id: worker.id, actor_name: worker.name, ...about };
  const at = (ms: number | null) => new Date(ms ?? seeding.atMs);
  if (row.status === "pending")
    return [
      { ...user, at: at(plan.connectedAt), kind: "attempt.started" },
      { ...system, at: at(plan.connectedAt + 5_000), kind: "attempt.exchanged" },
    ];
  const told: Told[] = [{ ...user, at: at(plan.connectedAt), kind: "connection.connected" }];
  const renews = plan.offer === "square" || plan.offer === "ultracart" || plan.offer === "oauth2";
  if (renews && plan.issuedAt && plan.issuedAt > plan.connectedAt) {
    const before = plan.issuedAt - 6.8 * DAY;
    if (before > plan.connectedAt) told.push({ ...system, at: at(before), kind: "connection.renewed" });
    told.push({ ...system, at: at(plan.issuedAt), kind: "connection.renewed" });
  }
  const trouble = { trouble: row.trouble ?? "", code: row.troubleCode ?? "" };
  if (row.status === "reconnect") told.push({ ...system, at: at(plan.troubleAt), kind: "connection.needs_reconnect", facts: trouble });
  else if (row.failures > 0) told.push({ ...system, at: at(plan.firstFailureAt), kind: "connection.renewal_failed", facts: trouble });
  if (row.status !== "revoked" || plan.troubleAt === null) {
    if (row.status === "active" && plan.lastProofAt && chance(seedNumber(seeding), plan.index, 60) < 0.1)
      told.push({ ...user, at: at(plan.lastProofAt), kind: "connection.tested", facts: {} });
    return told;
  }
  const reason = REASONS[plan.index % REASONS.length] ?? null;
  told.push({ ...user, at: at(plan.troubleAt - 2_000), kind: "connection.revoke_asked", reason, facts: { reach: "authorization" } });
  const facts = { confirmed: plan.offer === "norce" ? "local" : "remote", account: plan.accountId };
  return [...told, { ...system, at: at(plan.troubleAt), kind: "connection.revoked", facts }];
}
