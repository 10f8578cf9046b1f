import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { beforeAll } from "vitest";
import { api } from "@/lib/api/app";
import { aCaller, type Caller } from "@/tests/api/callers";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { listening, rawServer } from "@/tests/support/raw-server";

/** Below it lives the platform's API. */
export const BASE = "/rest/v2";

export type ProxyWorld = {
  /** Of our own listener. */
  port: number;
  /** Where nothing of ours may ever come. */
  trap: { port: number; connections: () => number };
  caller: Caller;
  connectionId: string;
  /** Answers for the platform from then on. */
  platform: (answer: RequestListener) => void;
  /** What the platform was asked, as it came over the wire. */
  asked: { method: string; url: string; headers: IncomingMessage["headersDistinct"] }[];
  /** Says these bytes to our listener; resolves with all that comes back until the connection ends or nothing comes any more. */
  say: (bytes: string, quietMs?: number) => Promise<string>;
};

/** Called at the top of a test file: a backend, our listener and a platform, with real sockets between them, and a trap beside the platform. */
export function useProxyWorld(): ProxyWorld {
  useEnv({ LATCHKEY_URL: BASE_URL, LATCHKEY_ALLOW_PRIVATE_NETWORK: "1" });
  useDatabase();
  const at = platforms();
  let answer: RequestListener = (_request, response) => response.end("ok");
  const asked: ProxyWorld["asked"] = [];
  const world = { asked, platform: (next: RequestListener) => (answer = next), say } as unknown as ProxyWorld;

  async function say(bytes: string, quietMs = 400): Promise<string> {
    const socket = connect(world.port, "127.0.0.1");
    let said = "";
    let quiet: NodeJS.Timeout | undefined;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(quiet);
        socket.destroy();
        resolve(said);
      };
      socket.on("error", end).on("close", end);
      socket.on("data", (chunk) => {
        said += chunk.toString("latin1");
        clearTimeout(quiet);
        quiet = setTimeout(end, quietMs);
      });
      socket.write(Buffer.from(bytes, "latin1"));
      quiet = setTimeout(end, 3_000);
    });
  }

  beforeAll(async () => {
    Object.assign(globalThis, { latchkeyPass: undefined });
    const platform = createServer((request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }) => {
      asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headersDistinct });
      answer(request, response);
    });
    const platformPort = await listening(platform);
    at.providers.square.apiUrl = () => `http://127.0.0.1:${platformPort}${BASE}`;
    const trap = await rawServer({});
    const backends = getRequestListener((request, sockets) => api.fetch(request, sockets));
    // As server.ts does it; what is not the API's goes to Next there.
    const listener = createServer((request, response) => {
      if (request.url?.startsWith("/api/v1/")) void backends(request, response);
      else response.writeHead(404).end();
    });
    const port = await listening(listener);
    const { id: connectionId } = await connected(at, await aMerchant("Nile Books"), "square");
    Object.assign(world, { port, trap, connectionId, caller: await aCaller({ requestsPerSecond: 100_000 }) });
  });
  return world;
}
