import { square } from "@/lib/providers/square";
import { type SquareSimulator, squareSimulator } from "@/tests/simulators/square";
import { approveAt } from "./approve-at";
import type { ProviderWorld } from "./world";

export function world(options: { pkce?: boolean; origin?: string } = {}): ProviderWorld & { simulator: SquareSimulator } {
  const now = { value: new Date("2026-11-21T09:00:00Z") };
  const redirectUri = "https://latchkey.test/api/oauth/square/callback";
  const simulator = squareSimulator(
    { origin: options.origin ?? "https://connect.square.test", now: () => now.value },
    { redirectUris: [redirectUri] },
  );
  return {
    provider: square({ ...simulator.settings, pkce: options.pkce ?? false }),
    simulator,
    apiPath: "/v2/merchants/me",
    redirectUri,
    now,
    approve: (url, store) => approveAt(simulator, url, store),
    revokeAtPlatform: simulator.revokeAtPlatform,
    rotateClientSecret: simulator.rotateClientSecret,
  };
}
