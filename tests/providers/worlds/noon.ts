import { noon } from "@/lib/providers/noon";
import { type NoonSimulator, noonSimulator } from "@/tests/simulators/noon";
import { approveAt } from "./approve-at";
import type { ProviderWorld } from "./world";

export function world(): ProviderWorld & { simulator: NoonSimulator } {
  const now = { value: new Date("2026-11-21T09:00:00Z") };
  const redirectUri = "https://latchkey.test/api/oauth/noon/callback";
  const simulator = noonSimulator({ origin: "https://noon.test", now: () => now.value }, { redirectUri });
  return {
    provider: noon(simulator.settings),
    simulator,
    apiPath: "/identity/v1/whoami",
    redirectUri,
    now,
    approve: (url, store) => approveAt(simulator, url, store),
    revokeAtPlatform: simulator.revokeAtPlatform,
    rotateClientSecret: simulator.rotateClientSecret,
  };
}
