import { simulators } from "@/tests/simulators/registry";
import type { Clock } from "./clock";
import { keptState, readState } from "./keep-state";
import { GUEST_STORES, isSeededSlug, norceApplication, planOf, rowOfAccount, type Slug } from "./seeding/plan";
import type { Seeding } from "./seeding/seeding";
import { LIFE_MS, SLOW_LIFE_MS } from "./seeding/times";

type World = {
  productUrl: string;
  origins: Record<Slug, string>;
  file: (id: string) => string | null;
  clock: Clock;
  seeding: Seeding | null;
};

/** The five platforms, each with what it remembers from an earlier run; `keep` writes down what changed in it since. */
export function makePlatforms({ productUrl, origins, file, clock, seeding }: World) {
  const world = (id: Slug) => ({ origin: origins[id], now: clock.now });
  const callback = (slug: string) => `${productUrl}/api/oauth/${slug}/callback`;
  const keep = {} as Record<Slug, () => void>;

  /** Made once to see how it begins, and once more to have what it remembers watched. */
  function kept<State extends object, S extends { state: State }>(slug: Slug, make: (state: State | undefined) => S): S {
    const path = file(slug);
    const first = make(readState<State>(path));
    keep[slug] = () => undefined;
    if (path === null) return first;
    const watched = keptState(first.state, path);
    keep[slug] = watched.keep;
    return make(watched.state);
  }

  const lifeS = (slug: "square" | "ultracart" | "oauth2") => (seeding ? LIFE_MS[slug] / 1000 : undefined);
  const row = (accountId: string) => (seeding ? rowOfAccount(seeding, accountId) : null);
  const plan = (index: number | null) => (seeding && index !== null && index < seeding.rows ? planOf(seeding, index) : undefined);
  const elsewhere = (id: string) => {
    const found = plan(row(id));
    return found && { id, name: found.store };
  };
  const lifeOf = (id: string) => (plan(row(id))?.mood === "slow" ? SLOW_LIFE_MS / 1000 : undefined);
  const application = (id: number) => {
    const found = plan(id - norceApplication(0));
    return found?.offer === "norce" ? { id, name: found.store, clientName: found.merchant?.name ?? found.store } : undefined;
  };
  /** What the guest whose stores are seeded can choose on a consent page, besides what is there anyway. */
  const own = (slug: Slug) =>
    GUEST_STORES.flatMap(({ offer }, index) => {
      const found = offer === slug ? plan(index) : undefined;
      return found?.merchant === null ? [{ id: found.accountId, name: found.store, plan: "standard" }] : [];
    });

  const platforms = {
    noon: kept("noon", (state: Noon | undefined) =>
      simulators.noon(world("noon"), { redirectUri: callback("noon"), own: own("noon"), state }),
    ),
    norce: kept("norce", (state: Norce | undefined) =>
      simulators.norce(world("norce"), { state, elsewhere: application, hosts: (slug) => seeding !== null && isSeededSlug(slug) }),
    ),
    ultracart: kept("ultracart", (state: Ultracart | undefined) =>
      simulators.ultracart(world("ultracart"), {
        redirectUris: [callback("ultracart")],
        lifeS: lifeS("ultracart"),
        own: own("ultracart"),
        elsewhere,
        state,
      }),
    ),
    square: kept("square", (state: Square | undefined) =>
      simulators.square(world("square"), { redirectUris: [callback("square")], own: own("square"), elsewhere, state }),
    ),
    oauth2: kept("oauth2", (state: Oauth2 | undefined) =>
      simulators.oauth2(world("oauth2"), {
        redirectUris: [callback("oauth2")],
        accessLifeS: lifeS("oauth2"),
        lifeOf,
        own: own("oauth2"),
        elsewhere,
        state,
      }),
    ),
  };
  return { platforms, keep };
}

type Noon = ReturnType<typeof simulators.noon>["state"];
type Norce = ReturnType<typeof simulators.norce>["state"];
type Ultracart = ReturnType<typeof simulators.ultracart>["state"];
type Square = ReturnType<typeof simulators.square>["state"];
type Oauth2 = ReturnType<typeof simulators.oauth2>["state"];
