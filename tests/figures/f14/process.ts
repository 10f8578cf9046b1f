import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { answerFresh } from "@/lib/api/access-fresh";
import { api } from "@/lib/api/app";
import { startOrExit } from "@/lib/start-latchkey";

// The product as server.ts starts it, with all of its background work, and the backends' API on a port; without pages.
process.stdout.write = (() => true) as typeof process.stdout.write;

await startOrExit();
const routes = getRequestListener((request) => api.fetch(request));
const server = createServer(async (request, response) => {
  if (!(await answerFresh(request, response))) await routes(request, response);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit(0));
