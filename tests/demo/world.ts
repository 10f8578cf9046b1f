import { join } from "node:path";
import { startIdentityProvider } from "@/tests/simulators/identity-provider";
import { Ledger } from "@/tests/simulators/ledger";
import { listen } from "@/tests/simulators/listen";
import { type Clock, worldClock } from "./clock";
import { keepState } from "./keep-state";
import { makePlatforms } from "./platforms";
import { type Memory, seededPlatform } from "./seeded-platform";
import type { Slug } from "./seeding/plan";
import type { Seeding } from "./seeding/seeding";
import { inWeather, type Weather } from "./weather";
import { environmentOf } from "./world-environment";

export const places = ["identity", "noon", "norce", "ultracart", "square", "oauth2"] as const;
export type Ports = Record<(typeof places)[number], number>;
export type Platforms = ReturnType<typeof makePlatforms>["platforms"];

export type World = {
  platforms: Platforms;
  clock: Clock;
  /** What is wrong with each platform just now. */
  weather: Record<Slug, Set<Weather>>;
  /** The accounts that their platforms have trouble with still have it. */
  trouble: { accounts: boolean };
  /** An account's owner takes the access away at the platform. */
  takeAway: (slug: Slug, accountId: string) => void;
  /** Every secret of the identity provider. */
  identity: Ledger;
  /** All that the product must be told to live in this world. */
  environment: Record<string, string>;
  close: () => Promise<void>;
};

type Options = {
  /** The product's LATCHKEY_URL. */
  productUrl: string;
  ports: Ports;
  /** Where the platforms keep what they remember; without it they forget everything with the process. */
  stateDir?: string;
  clock?: Clock;
  /** The rows of the product's database that these platforms have issued to. */
  seeding?: Seeding | null;
};

/** Every platform and the identity provider on 127.0.0.1, which is another site than the product's localhost. */
export async function startWorld({ productUrl, ports, stateDir, clock = worldClock(), seeding = null }: Options): Promise<World> {
  const origins = Object.fromEntries(places.map((id) => [id, `http://127.0.0.1:${ports[id]}`])) as Record<keyof Ports, string>;
  const file = (id: string) => (stateDir === undefined ? null : join(stateDir, `${id}.json`));
  const { platforms, keep } = makePlatforms({ productUrl, origins, file, clock, seeding });
  const slugs = Object.keys(platforms) as Slug[];
  const weather = Object.fromEntries(slugs.map((slug) => [slug, new Set<Weather>()])) as World["weather"];
  const trouble = { accounts: true };
  const memory: Memory | null = seeding && { seeding, troubled: () => trouble.accounts };
  const meetings = new Map<Slug, (accountId: string) => void>();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(closers.map((one) => one()));
  };
  const put = (slug: Slug) => {
    const seeded = memory && seededPlatform(platforms[slug], slug, memory);
    if (seeded) meetings.set(slug, seeded.meetAccount);
    return keepState(inWeather(seeded?.simulator ?? platforms[slug], weather[slug]), keep[slug]);
  };
  try {
    for (const slug of slugs) closers.push((await listen(put(slug), ports[slug])).close);
    const ledger = new Ledger();
    const client = { clientId: "latchkey", clientSecret: ledger.canary("identity-client-secret") };
    const redirectUris = [`${productUrl}/api/auth/callback/oidc`];
    const identity = await startIdentityProvider({ port: ports.identity, ...client, redirectUris, ledger });
    closers.push(identity.close);
    const webhookKey = platforms.square.webhooks.subscribe(`${productUrl}/api/webhooks/square`);
    const environment = environmentOf(platforms, origins, productUrl, { issuer: identity.issuer, ...client }, webhookKey);
    const takeAway = (slug: Slug, accountId: string) => {
      meetings.get(slug)?.(accountId);
      platforms[slug].revokeAtPlatform(accountId);
      keep[slug]();
    };
    return { platforms, clock, weather, trouble, takeAway, identity: ledger, environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}
