import { norce } from "@/lib/providers/norce";
import { type NorceSimulator, norceSimulator } from "@/tests/simulators/norce";
import type { ProviderWorld } from "./world";

/** Norce with a merchant's stage user, as the contract suite and the wire tests want it. */
export function world(): ProviderWorld & { simulator: NorceSimulator; credentials: Record<string, string> } {
  const now = { value: new Date("2026-11-21T09:00:00Z") };
  const simulator = norceSimulator({ origin: "http://127.0.0.1:4102", now: () => now.value });
  const user = simulator.users[0];
  if (!user) throw new Error("The simulator has no users");
  return {
    provider: norce(simulator.settings),
    simulator,
    apiPath: "/commerce/metadata/1.1/GetApplication?format=json",
    redirectUri: "",
    approve: () => Promise.reject(new Error("Norce has no consent page")),
    credentials: {
      mode: "commerce",
      slug: user.slug,
      region: "se",
      client_id: user.clientId,
      client_secret: user.clientSecret,
      environment: "stage",
      application_id: "1042",
      scope: "",
    },
    now,
    revokeAtPlatform: simulator.revokeAtPlatform,
  };
}
