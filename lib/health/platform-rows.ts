import type { KindCount } from "@/db/health-counts";
import type { Incident } from "@/db/incidents";
import type { HealthState } from "@/lib/connections/health";

export const needsOwner = ["needs_reconnect", "expiring_soon"] as const satisfies readonly HealthState[];
/** Past the line of the platform's own rule, or past the end because of that. */
export const late = ["renewal_late", "expired_renewable"] as const satisfies readonly HealthState[];

export type StateCounts = Record<HealthState, number>;

/** A platform as a whole. `total`: all but the revoked ones. */
export type PlatformRow = { offer: string; counts: StateCounts; total: number; incident: { openedAt: Date; closedAt: Date | null } | null };

export function platformRows(slugs: readonly string[], kinds: readonly KindCount[], incidents: readonly Incident[]): PlatformRow[] {
  const offers = [...new Set([...slugs, ...kinds.map(({ offer }) => offer)])];
  return offers.map((offer) => {
    const counts = stateCounts(kinds.filter((kind) => kind.offer === offer));
    const { revoked, ...others } = counts;
    const incident = incidents.find((one) => one.offer === offer);
    return {
      offer,
      counts,
      total: Object.values(others).reduce((sum, n) => sum + n, 0),
      incident: incident ? { openedAt: incident.openedAt, closedAt: incident.closedAt } : null,
    };
  });
}

export function stateCounts(kinds: readonly KindCount[]): StateCounts {
  const counts: StateCounts = {
    revoked: 0,
    pending: 0,
    needs_reconnect: 0,
    expired_renewable: 0,
    refresh_failing: 0,
    renewal_late: 0,
    expiring_soon: 0,
    unknown: 0,
    renewing: 0,
    healthy: 0,
  };
  for (const { state, n } of kinds) if (state !== null) counts[state] += n;
  return counts;
}
