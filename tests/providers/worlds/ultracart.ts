import { ultracart } from "@/lib/providers/ultracart";
import { type UltracartSimulator, ultracartSimulator } from "@/tests/simulators/ultracart";
import { approveAt } from "./approve-at";
import type { ProviderWorld } from "./world";

const ORIGIN = "http://127.0.0.1:4103";
const REDIRECT_URI = "http://localhost:3000/api/oauth/ultracart/callback";

type Decision = "approve" | "deny";

/** UltraCart with an application that has a secret and two permissions. */
export function world(): ProviderWorld & {
  simulator: UltracartSimulator;
  decide: (url: string, decision: Decision) => Promise<URLSearchParams>;
} {
  const now = { value: new Date("2026-11-21T09:00:00Z") };
  const simulator = ultracartSimulator({ origin: ORIGIN, now: () => now.value }, { redirectUris: [REDIRECT_URI] });
  const decide = async (url: string, decision: Decision, store?: string) => {
    const answer = await simulator.handle(new Request(url, { redirect: "manual" }));
    return approveAt(simulator, answer.headers.get("location") ?? url, store, decision);
  };
  return {
    provider: ultracart({
      clientId: simulator.clientId,
      clientSecret: simulator.state.secret,
      scopes: ["item_read", "order_read"],
      sendScope: false,
      sendRedirectUri: true,
      apiUrl: `${ORIGIN}/rest/v2`,
      authorizeUrl: `${ORIGIN}/rest/v2/oauth/authorize`,
    }),
    simulator,
    redirectUri: REDIRECT_URI,
    apiPath: "/item/items?_limit=1",
    approve: (url, store) => decide(url, "approve", store),
    decide,
    now,
    revokeAtPlatform: simulator.revokeAtPlatform,
    rotateClientSecret: simulator.rotateClientSecret,
  };
}
