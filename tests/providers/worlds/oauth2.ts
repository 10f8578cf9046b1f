import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";
import { type Oauth2Options, oauth2Simulator } from "@/tests/simulators/oauth2";
import { approveAt } from "./approve-at";
import type { ProviderWorld } from "./world";

const ORIGIN = "https://standard.example";
const REDIRECT_URI = "https://latchkey.example/api/oauth/oauth2/callback";

/** One standard platform, discovered at its issuer; `change` and `options` bend the settings and the platform. */
export function world(change: Partial<Oauth2Settings> = {}, options: Oauth2Options = {}) {
  const now = { value: new Date("2026-11-21T08:00:00Z") };
  const simulator = oauth2Simulator({ origin: ORIGIN, now: () => now.value }, { redirectUris: [REDIRECT_URI], ...options });
  const provider = oauth2({ ...simulator.settings, ...change });
  return {
    provider,
    simulator,
    apiPath: "/me",
    redirectUri: REDIRECT_URI,
    approve: (url, store) => approveAt(simulator, url, store),
    now,
    revokeAtPlatform: simulator.revokeAtPlatform,
    rotateClientSecret: simulator.rotateClientSecret,
  } satisfies ProviderWorld;
}
