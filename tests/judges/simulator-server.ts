import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { listen } from "@/tests/simulators/listen";
import { type Oauth2Options, oauth2Simulator } from "@/tests/simulators/oauth2";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser } from "@/tests/support/plain-browser";
import { REDIRECT_URI } from "./subject";

/** Our standard simulator on a port, and a person who approves there. */
export async function simulatorServer(authMethod: Oauth2Settings["authMethod"], options: Oauth2Options = {}) {
  const port = await freePort();
  const world = { origin: `http://127.0.0.1:${port}`, now: () => new Date() };
  const simulator = oauth2Simulator(world, { redirectUris: [REDIRECT_URI], isPublic: authMethod === "none", ...options });
  const { close } = await listen(simulator, port);
  const decide = (decision: "approve" | "deny") => (url: string) => plainBrowser()(url, { store: "acct-jeddah", decision });
  return { simulator, settings: { ...simulator.settings, authMethod }, approve: decide("approve"), deny: decide("deny"), close };
}
