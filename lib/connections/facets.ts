import type { Group } from "@/db/connection-criteria";
import type { Criteria } from "./criteria";

export const facetNames = ["states", "offer", "environment", "cause"] as const;
export type FacetName = (typeof facetNames)[number];

/** How many there are with each value, under everything else that was asked for. */
export type Facets = Record<FacetName, ReadonlyMap<string, number>>;

const kindOf = (group: Group, facet: FacetName): string | null => (facet === "states" ? group.state : group[facet]);

function takes(criteria: Criteria, group: Group, but?: FacetName): boolean {
  return facetNames.every((facet) => {
    if (facet === but) return true;
    if (facet === "states") return criteria.states.length === 0 || criteria.states.includes(group.state);
    return criteria[facet] === null || criteria[facet] === group[facet];
  });
}

export function facetsOf(groups: readonly Group[], criteria: Criteria): Facets {
  const counted = (facet: FacetName) => {
    const counts = new Map<string, number>();
    for (const group of groups) {
      const value = kindOf(group, facet);
      if (value !== null && takes(criteria, group, facet)) counts.set(value, (counts.get(value) ?? 0) + group.n);
    }
    return counts;
  };
  return { states: counted("states"), offer: counted("offer"), environment: counted("environment"), cause: counted("cause") };
}

/** How many are of the kinds asked for. */
export const totalOf = (groups: readonly Group[], criteria: Criteria): number =>
  groups.reduce((sum, group) => (takes(criteria, group) ? sum + group.n : sum), 0);
