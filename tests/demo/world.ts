import { join } from "node:path";
import { startIdentityProvider } from "@/tests/simulators/identity-provider";
import { Ledger } from "@/tests/simulators/ledger";
import { listen } from "@/tests/simulators/listen";
import { simulators } from "@/tests/simulators/registry";
import { keepState, readState } from "./keep-state";
import { environmentOf } from "./world-environment";

export const places = ["identity", "noon", "norce", "ultracart", "square", "oauth2"] as const;
export type Ports = Record<(typeof places)[number], number>;
export type Platforms = ReturnType<typeof makePlatforms>;

export type World = {
  platforms: Platforms;
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
};

/** Every platform and the identity provider on 127.0.0.1, which is another site than the product's localhost. */
export async function startWorld({ productUrl, ports, stateDir }: Options): Promise<World> {
  const origins = Object.fromEntries(places.map((id) => [id, `http://127.0.0.1:${ports[id]}`])) as Record<keyof Ports, string>;
  const file = (id: string) => (stateDir === undefined ? null : join(stateDir, `${id}.json`));
  const platforms = makePlatforms(productUrl, origins, file);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(closers.map((one) => one()));
  };
  try {
    for (const simulator of Object.values(platforms)) {
      const kept = file(simulator.id);
      const put = kept === null ? simulator : keepState(simulator, () => simulator.state, kept);
      closers.push((await listen(put, ports[simulator.id as keyof Ports])).close);
    }
    const ledger = new Ledger();
    const client = { clientId: "latchkey", clientSecret: ledger.canary("identity-client-secret") };
    const redirectUris = [`${productUrl}/api/auth/callback/oidc`];
    const identity = await startIdentityProvider({ port: ports.identity, ...client, redirectUris, ledger });
    closers.push(identity.close);
    const webhookKey = platforms.square.webhooks.subscribe(`${productUrl}/api/webhooks/square`);
    const environment = environmentOf(platforms, origins, productUrl, { issuer: identity.issuer, ...client }, webhookKey);
    return { platforms, identity: ledger, environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function makePlatforms(productUrl: string, origins: Record<keyof Ports, string>, file: (id: string) => string | null) {
  const world = (id: keyof Ports) => ({ origin: origins[id], now: () => new Date() });
  const callback = (slug: string) => `${productUrl}/api/oauth/${slug}/callback`;
  return {
    noon: simulators.noon(world("noon"), { redirectUri: callback("noon"), state: readState(file("noon")) }),
    norce: simulators.norce(world("norce"), { state: readState(file("norce")) }),
    ultracart: simulators.ultracart(world("ultracart"), { redirectUris: [callback("ultracart")], state: readState(file("ultracart")) }),
    square: simulators.square(world("square"), { redirectUris: [callback("square")], state: readState(file("square")) }),
    oauth2: simulators.oauth2(world("oauth2"), { redirectUris: [callback("oauth2")], state: readState(file("oauth2")) }),
  };
}
