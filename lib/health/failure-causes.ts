import { database } from "@/db/client";
import { causesADayAgo, type KindAsked, type KindCount, type Sample, someOfKinds } from "@/db/health-counts";
import { type CauseGroup, causeGroup, causeGroups, failingStates } from "./cause-groups";

/** `dayAgo` null: nobody counted then. */
export type Cause = { code: string; offers: string[]; n: number; dayAgo: number | null };
export type CauseReport = { group: CauseGroup; n: number; dayAgo: number | null; causes: Cause[]; samples: Sample[] };
/** `untold`: failing ones that no cause was noted for. */
export type FailureCauses = { groups: CauseReport[]; untold: number };

type Asked = KindCount & { state: (typeof failingStates)[number]; cause: string };

const failing: readonly (string | null)[] = failingStates;

/** Why connections fail: by whose cause it is and then by cause, those that touch most first, with some connections of each. */
export async function failureCauses(counts: readonly KindCount[]): Promise<FailureCauses> {
  const all = counts.filter(({ state, n }) => failing.includes(state) && n > 0);
  const told = all.filter((kind): kind is Asked => kind.cause !== null);
  const before = await causesADayAgo(database());
  const byGroup = Map.groupBy(told, ({ cause }) => causeGroup(cause));
  const largest = [...byGroup.values()]
    .flatMap((kinds) => kinds.toSorted(most).slice(0, 3))
    .map(({ offer, environment, state, cause }): KindAsked => ({ offer, environment, state, cause }));
  const samples = await someOfKinds(database(), largest);
  return {
    groups: causeGroups.flatMap((group) => {
      const kinds = byGroup.get(group) ?? [];
      const earlier = [...(before ?? [])].filter(([code]) => causeGroup(code) === group);
      const causes = [...Map.groupBy(kinds, ({ cause }) => cause)].map(([code, own]) => ({
        code,
        offers: [...new Set(own.map(({ offer }) => offer))],
        n: sum(own),
        dayAgo: before && (before.get(code) ?? 0),
      }));
      if (kinds.length === 0 && earlier.length === 0) return [];
      const dayAgo = before && earlier.reduce((total, [, n]) => total + n, 0);
      return [
        {
          group,
          n: sum(kinds),
          dayAgo,
          causes: causes.toSorted(most),
          samples: samples.filter(({ cause }) => causeGroup(cause) === group).slice(0, 3),
        },
      ];
    }),
    untold: sum(all) - sum(told),
  };
}

const most = (one: { n: number }, other: { n: number }): number => other.n - one.n;
const sum = (kinds: readonly { n: number }[]): number => kinds.reduce((total, { n }) => total + n, 0);
