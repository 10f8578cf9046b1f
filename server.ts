import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { mendBareAnswer } from "@/app/bare-answer";
import { answerBusy } from "@/app/busy-answer";
import { answerFresh } from "@/lib/api/access-fresh";
import { api } from "@/lib/api/app";
import { addressOf, withClientAddress } from "@/lib/client-address";
import { withEntry } from "@/lib/entry";
import { env } from "@/lib/env";
import { admission } from "@/lib/health/admission";
import { beginDraining } from "@/lib/health/draining";
import { log, withCorrelation } from "@/lib/log";
import { addStandardHeaders, standardHeaders, withApiPolicy } from "@/lib/standard-headers";
import { startOrExit, stopLatchkey } from "@/lib/start-latchkey";
import { monitoring } from "@/lib/telemetry/monitoring";

const DRAIN_MS = 20_000;
/** Background work and nothing else: no page, no listener, and so many of these processes as one likes. */
const workerOnly = process.argv.includes("--worker-only");
/** Whoever watches over a process hears from it whatever it has in hand; a page's files are nothing to do; a passed call waits for others than us. */
const ALWAYS = /^\/(?:api\/(?:health|v1\/proxy\/)|_next\/static\/|fonts\/|providers\/[\w-]+\.svg)/;
const server = createServer();
let stopping = false;

async function stop(status: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // While the listener closes, whoever still asks is told to go elsewhere.
  beginDraining();
  log.info("stopping", { status });
  const late = setTimeout(() => process.exit(1), DRAIN_MS);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  server.closeAllConnections();
  await stopLatchkey();
  clearTimeout(late);
  process.exit(status);
}
// Before the start: a process that ends without leaving the embedded database would leave it running.
process.on("SIGTERM", () => void stop(0));
process.on("SIGINT", () => void stop(0));

await startOrExit(workerOnly ? "worker" : "web");
const { PORT: port, LATCHKEY_WORKER_PORT: workerPort, LATCHKEY_DEMO: demo, LATCHKEY_URL: url, LATCHKEY_TRUSTED_PROXIES: proxies } = env();
server.once("error", (error: NodeJS.ErrnoException) => {
  const why = error.code === "EADDRINUSE" ? "another program listens there. Set another one." : String(error.code);
  process.stderr.write(`Latchkey cannot listen on port ${workerOnly ? workerPort : port}: ${why}\n`);
  void stop(1);
});
const standard = standardHeaders(url);
const standardOfApi = withApiPolicy(standard);
// Before whoever answers.
server.on("request", ({ url }, response) => addStandardHeaders(response, url?.startsWith("/api/v1/") ? standardOfApi : standard));
if (workerOnly) watchable();
else await serve();

/** Nothing is asked of a worker but how it is, and that only where somebody said at which port. */
function watchable(): void {
  process.stdout.write("Latchkey works in the background\n");
  if (workerPort === undefined) return;
  const answer = getRequestListener((request) => monitoring.fetch(request));
  server.on("request", (request, response) => void answer(request, response));
  listen(workerPort, () => undefined);
}

// A demo lets everybody in with one click, so nobody else on the network may reach it.
function listen(at: number, ready: () => void): void {
  if (!stopping) server.listen({ port: at, host: demo ? "127.0.0.1" : undefined }, ready);
}

async function serve(): Promise<void> {
  const toPeople = admission({ most: 128, mostWhenLate: 32 });
  // Two thousand of them may wait for newer access, which is little to do.
  const toBackends = admission({ most: 3_000, mostWhenLate: 2_100 });
  const { default: next } = await import("next");
  // prepare() runs instrumentation.ts, which finds everything started already.
  const app = next({ dev: false, port });
  await app.prepare();
  const pages = app.getRequestHandler();
  const routes = getRequestListener((request, sockets) => api.fetch(request, sockets));
  const backends = async (request: IncomingMessage, response: ServerResponse) => {
    if (!(await answerFresh(request, response)))
      await withClientAddress(from(request), () => withCorrelation(() => routes(request, response)));
  };

  server.on("request", (request, response) => {
    const url = request.url ?? "/";
    const api = url.startsWith("/api/v1/");
    if (!ALWAYS.test(url)) {
      const leave = (api ? toBackends : toPeople).enter();
      if (!leave) return void answerBusy(request, response, api ? "api" : "page");
      response.once("close", leave);
    }
    if (api) void backends(request, response);
    else
      void withClientAddress(from(request), () =>
        withEntry(() => withCorrelation(() => pages(request, mendBareAnswer(request, response)))),
      );
  });
  listen(port, () => process.stdout.write(`Latchkey is ready at ${url}\n`));
}

function from({ socket, headers }: IncomingMessage): string | null {
  return addressOf(socket.remoteAddress, [headers["x-forwarded-for"]].flat().join(), proxies);
}
