import type { NoonSimulator } from "@/tests/simulators/noon";

/**
 * Noon's simulator makes an RSA key pair for each exchange, which is most of what a thousand cases cost. Wrapped, it makes one per store
 * and hands that out again, for tokens that it would have taken; a key that was removed meanwhile lives again.
 */
export function withSpareKeys({ state, handle }: NoonSimulator): (request: Request) => Promise<Response> {
  const spare = new Map<string, string>();
  return async (request) => {
    if (!request.url.endsWith("/token/exchange")) return handle(request);
    const { access_token: token } = (await request.clone().json()) as { access_token: string };
    const held = state.tokens[token];
    const body = held && spare.get(held.store);
    if (!held || held.used || body === undefined) {
      const response = await handle(request);
      if (held && response.ok) spare.set(held.store, await response.clone().text());
      return response;
    }
    held.used = true;
    for (const account of Object.values(state.accounts)) for (const key of Object.values(account.keys)) key.active = true;
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
}
