import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ProviderError } from "@/lib/providers/provider-error";
import { inMood } from "./consent-moods";
import { type Fault, withFaults } from "./faults";
import { json, type Simulator } from "./simulator";

/**
 * Puts a simulator on 127.0.0.1:port, with test-only controls beside it: GET /__ledger, POST /__switch {name, value},
 * POST /__fault (a Fault; an array adds several), POST /__clear (calls and faults).
 */
export async function listen(simulator: Simulator, port: number): Promise<{ close: () => Promise<void> }> {
  const faults: Fault[] = [];
  const faulty = withFaults(simulator, faults);

  async function control(request: Request, path: string): Promise<Response | null> {
    if (path === "/__ledger" && request.method === "GET") return json(200, ledgerOf(simulator));
    if (!path.startsWith("/__")) return null;
    if (request.method !== "POST") return json(405, {});
    if (path === "/__clear") {
      simulator.ledger.clear();
      faults.length = 0;
      return json(200, {});
    }
    const body: unknown = await request.json().catch(() => null);
    if (path === "/__fault") {
      const list = Array.isArray(body) ? body : [body];
      if (!list.every(isFault)) return json(400, { error: "no such fault" });
      faults.push(...list);
      return json(200, {});
    }
    if (path === "/__switch") {
      const { name, value } = (body ?? {}) as { name?: unknown; value?: unknown };
      if (typeof name !== "string" || !(name in simulator.switches)) return json(400, { error: "no such switch" });
      if (typeof value !== typeof simulator.switches[name]) return json(400, { error: "not of the switch's kind" });
      simulator.switches[name] = value as boolean | number | string;
      return json(200, {});
    }
    return json(404, {});
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming)
      .then((response) => send(response, outgoing))
      .catch((error: unknown) => {
        // What a provider would have seen as unreachable or reset is exactly that on a wire.
        if (error instanceof ProviderError) incoming.socket.destroy();
        else outgoing.writeHead(500).end(`The simulator broke: ${String(error)}`);
      });
  });

  async function answer(incoming: IncomingMessage): Promise<Response> {
    const request = await toRequest(incoming);
    return (await control(request, new URL(request.url).pathname)) ?? inMood(request, faulty);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** No secrets: calls hold paths without queries. */
function ledgerOf(simulator: Simulator) {
  const counts: Record<string, number> = {};
  for (const { name } of simulator.ledger.calls) counts[name] = (counts[name] ?? 0) + 1;
  return { calls: simulator.ledger.calls, counts };
}

const KINDS = new Set(["status", "html", "unreachable", "reset-after-issuing", "slow", "body"]);

function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "kind" in value && KINDS.has(String(value.kind));
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) for (const one of value ?? []) headers.append(name, one);
  const method = incoming.method ?? "GET";
  const body = method === "GET" || method === "HEAD" ? undefined : Buffer.concat(chunks);
  return new Request(`http://${incoming.headers.host ?? "127.0.0.1"}${incoming.url ?? "/"}`, { method, headers, body, redirect: "manual" });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "set-cookie"));
  outgoing.writeHead(response.status, { ...headers, "set-cookie": response.headers.getSetCookie() });
  outgoing.end(body);
}
