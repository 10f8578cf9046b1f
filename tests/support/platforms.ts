import { type Context, makeIo, type OpenIo } from "@/lib/connections/open-io";
import type { Offer } from "@/lib/offers/offer";
import type { Provider } from "@/lib/providers/contract";
import { registry } from "@/lib/providers/registry";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { noonSimulator } from "@/tests/simulators/noon";
import { norceSimulator } from "@/tests/simulators/norce";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import type { Simulator } from "@/tests/simulators/simulator";
import { squareSimulator } from "@/tests/simulators/square";
import { ultracartSimulator } from "@/tests/simulators/ultracart";

export const BASE_URL = "https://latchkey.test";
/** Where the simulated Square is subscribed. */
export const WEBHOOK_URL = `${BASE_URL}/api/webhooks/square`;
/** Whose access ends; Noon's sessions name their end by a switch. */
type Lives = "norce" | "ultracart" | "square" | "oauth2";
const callback = (slug: string) => `${BASE_URL}/api/oauth/${slug}/callback`;

/** All five platforms in this process, the offers that point at them, and an `OpenIo` that reaches nothing else. */
export function platforms(options: { pkce?: boolean; stores?: readonly string[]; livesS?: Partial<Record<Lives, number>> } = {}) {
  const skew = { ms: 0 };
  const world = (id: string) => ({ origin: `https://${id}.test`, now: () => new Date(Date.now() + skew.ms) });
  // What a person may choose from at each consent page, where the platform's own few stores are not enough.
  const stores = options.stores?.map((id) => ({ id, name: `Shop ${id}`, plan: "standard" }));
  const more = stores ? { stores } : {};
  const noon = noonSimulator(world("noon"), { redirectUri: callback("noon"), ...more });
  const { livesS = {} } = options;
  const norce = norceSimulator(world("norce"), { lifeS: livesS.norce });
  const ultracart = ultracartSimulator(world("ultracart"), { redirectUris: [callback("ultracart")], lifeS: livesS.ultracart, ...more });
  const square = squareSimulator(world("square"), { redirectUris: [callback("square")], accessLifeS: livesS.square, ...more });
  const oauth2 = oauth2Simulator(world("oauth2"), { redirectUris: [callback("oauth2")], accessLifeS: livesS.oauth2, ...more });
  const simulators = { noon, norce, ultracart, square, oauth2 };
  const webhookKey = square.webhooks.subscribe(WEBHOOK_URL);
  const providers: Record<keyof typeof simulators, Provider> = {
    noon: registry.noon(noon.settings),
    norce: registry.norce(norce.settings),
    ultracart: registry.ultracart({
      clientId: ultracart.clientId,
      clientSecret: ultracart.state.secret,
      scopes: ["item_read", "order_read"],
      sendScope: false,
      sendRedirectUri: true,
      apiUrl: "https://ultracart.test/rest/v2",
      authorizeUrl: "https://ultracart.test/rest/v2/oauth/authorize",
    }),
    square: registry.square({
      ...square.settings,
      pkce: options.pkce ?? false,
      webhookKey,
    }),
    oauth2: registry.oauth2({
      name: "Standard",
      clientId: oauth2.client.id,
      clientSecret: oauth2.client.secret,
      issuer: oauth2.issuer,
      authorizeUrl: null,
      tokenUrl: null,
      revokeUrl: null,
      introspectUrl: null,
      userinfoUrl: null,
      testUrl: null,
      apiUrl: `${new URL(oauth2.issuer).origin}/api`,
      scopes: ["openid", "orders.read"],
      scopeSeparator: " ",
      authMethod: "basic",
      pkce: true,
      authorizeParams: {},
      revokeEndsAll: false,
      allowInsecure: false,
    }),
  };
  const offers: Offer[] = Object.entries(providers).map(([slug, provider]) => ({
    slug,
    name: null,
    provider,
    fingerprint: `first-${slug}`,
  }));
  const held = globalThis as { latchkeyOffers?: readonly Offer[]; latchkeyStoredOffers?: unknown; latchkeyCalls?: unknown };
  held.latchkeyOffers = offers;
  // Files share a process and not a database.
  held.latchkeyStoredOffers = undefined;
  held.latchkeyCalls = undefined;
  const faults: Fault[] = [];
  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    const simulator: Simulator | undefined = Object.values(simulators).find((candidate) => new URL(url).host === `${candidate.id}.test`);
    if (!simulator) throw new Error(`Nothing lives at ${new URL(url).host}`);
    return withFaults(simulator, faults)(new Request(url, { redirect: "manual", ...init }));
  };
  const open: OpenIo = (offer: Offer, context: Context) => makeIo(offer, context, fetch);
  return { simulators, providers, offers, faults, open, fetch, skew, webhookKey };
}
