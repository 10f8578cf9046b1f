import { type HealthFacts, type HealthState, health, nextChange } from "@/lib/connections/health";
import { nextRefresh } from "@/lib/connections/next-refresh";
import type { Policy } from "@/lib/providers/contract";

/** In seconds after issue. */
export type Simulated = {
  /** When access is renewed, the earliest and the latest; null: nothing renews it by time. */
  renews: { fromS: number; untilS: number } | null;
  /** What would become of it if that never happened, in order. */
  states: { state: HealthState; fromS: number }[];
};

const MOST = 12;

/** What the product's own rules make of access that lives so long. */
export function simulatePolicy(policy: Policy, lifeS: number): Simulated {
  const issuedAt = new Date(0);
  const expiresAt = new Date(lifeS * 1_000);
  const [earliest, latest] = [1, 0].map((random) => nextRefresh(policy, issuedAt, expiresAt, () => random));
  const facts: HealthFacts = {
    status: "active",
    issuedAt,
    expiresAt,
    renewableUntil: null,
    renewable: policy.kind !== "none",
    lastProofAt: issuedAt,
    firstFailureAt: null,
    failures: 0,
    trouble: null,
    leaseUntil: null,
    sentAt: null,
  };
  const states: Simulated["states"] = [];
  for (let at: Date | null = issuedAt; at !== null && states.length < MOST; at = nextChange(facts, policy, at))
    states.push({ state: health(facts, policy, at), fromS: Math.floor(at.getTime() / 1_000) });
  const renews = earliest && latest ? { fromS: earliest.getTime() / 1_000, untilS: latest.getTime() / 1_000 } : null;
  return { renews, states };
}
