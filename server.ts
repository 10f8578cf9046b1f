import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import next from "next";
import { api } from "@/lib/api/app";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { startOrExit, stopLatchkey } from "@/lib/start-latchkey";

const DRAIN_MS = 20_000;

await startOrExit();
const { PORT } = env();
// prepare() runs instrumentation.ts, which finds everything started already.
const app = next({ dev: false, port: PORT });
await app.prepare();
const pages = app.getRequestHandler();
const backends = getRequestListener((request) => api.fetch(request));

const server = createServer((request, response) => {
  if (request.url?.startsWith("/api/v1/")) void backends(request, response);
  else void pages(request, response);
});
server.listen(PORT, () => process.stdout.write(`Latchkey is ready at ${env().LATCHKEY_URL}\n`));

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info("stopping", { signal });
  const late = setTimeout(() => process.exit(1), DRAIN_MS);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  server.closeAllConnections();
  await stopLatchkey();
  clearTimeout(late);
  process.exit(0);
}
process.on("SIGTERM", () => void stop("SIGTERM"));
process.on("SIGINT", () => void stop("SIGINT"));
