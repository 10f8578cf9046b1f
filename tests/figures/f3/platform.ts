import { randomOf } from "@/tests/figures/figure";
import { listen } from "@/tests/simulators/listen";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import { freePort } from "@/tests/support/free-port";

/** The standard platform on a port: it rotates, and a refresh token that comes back ends its whole family. */
export async function rotatingPlatform(seed: number, redirectUris: readonly string[] = []) {
  const port = await freePort();
  const simulator = oauth2Simulator({ origin: `http://127.0.0.1:${port}`, now: () => new Date() }, { redirectUris });
  const random = randomOf(seed);
  /** How often a family's refresh token was taken, and how long each such call lasts. */
  const spent = new Map<string, number>();
  const latencyMs = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const calls = { refused: 0 };

  async function handle(request: Request): Promise<Response> {
    const form = request.method === "POST" ? new URLSearchParams(await request.clone().text()) : null;
    const family = simulator.state.refresh[form?.get("refresh_token") ?? ""]?.family;
    if (family === undefined) return simulator.handle(request);
    const ms = latencyMs.get(family) ?? 0;
    // At some platforms the token is spent when the call arrives, at others when it is answered.
    const before = random() < 0.5 ? 0 : ms;
    await new Promise((resolve) => setTimeout(resolve, before));
    const response = await simulator.handle(request);
    if (response.ok) spent.set(family, (spent.get(family) ?? 0) + 1);
    else calls.refused += 1;
    waiting.get(family)?.();
    await new Promise((resolve) => setTimeout(resolve, ms - before));
    return response;
  }

  const { close } = await listen({ ...simulator, handle }, port);
  return {
    simulator,
    close,
    spent,
    latencyMs,
    refused: () => calls.refused,
    killed: () => Object.values(simulator.state.families).filter(({ ended }) => ended).length,
    /** Resolves when the next call of a family has been taken. */
    taken: (family: string) => new Promise<void>((resolve) => waiting.set(family, resolve)),
    /** What the product must be told to live there. */
    environment: {
      OAUTH2_NAME: "Standard",
      OAUTH2_CLIENT_ID: simulator.client.id,
      OAUTH2_CLIENT_SECRET: simulator.client.secret,
      OAUTH2_ISSUER: simulator.issuer,
      OAUTH2_SCOPES: "orders.read",
      LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
      LATCHKEY_DEMO: "1",
    },
  };
}

export type RotatingPlatform = Awaited<ReturnType<typeof rotatingPlatform>>;
