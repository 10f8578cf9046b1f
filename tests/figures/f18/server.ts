import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { openDatabase } from "@/db/client";
import { api } from "@/lib/api/app";
import { withClientAddress } from "@/lib/client-address";

// The backends' listener alone. Each request comes from an address of its own, or whoever fails often would be slowed.
process.stdout.write = (() => true) as typeof process.stdout.write;
await openDatabase({ migrate: false });
const routes = getRequestListener((request) => api.fetch(request));
const server = createServer(
  (request, response) => void withClientAddress(`10.${[...randomBytes(3)].join(".")}`, async () => routes(request, response)),
);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
