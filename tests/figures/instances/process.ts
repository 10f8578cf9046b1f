import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { openDatabase } from "@/db/client";
import { answerFresh } from "@/lib/api/access-fresh";
import { api } from "@/lib/api/app";
import type { UserActor } from "@/lib/auth/actor";
import { beginConsent } from "@/lib/connections/begin-consent";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { revoke } from "@/lib/connections/revoke";
import { endKey } from "@/lib/keys/end-key";

type Act = (asked: { query: URLSearchParams; id: string; secret: string }) => Promise<object>;

// One of several instances: the backends' API as server.ts puts it on a port, and beside it what people do, by its verbs.
const { member, admin } = JSON.parse(process.argv[2] ?? "{}") as { member: UserActor; admin: UserActor };
const routes = getRequestListener((asked) => api.fetch(asked));

// The product's own log lines are nobody's to read here.
process.stdout.write = (() => true) as typeof process.stdout.write;

const acts: Record<string, Act> = {
  start: () => beginConsent(member, { offer: "oauth2" }),
  /** As the callback's route: the flow cookie came with the request. */
  callback: ({ query, secret }) => receiveAnswer("oauth2", query, () => secret, member),
  finish: async ({ id }) => {
    await exchange(member, id);
    return {};
  },
  revoke: ({ id }) => revoke(admin, { connectionId: id, reason: "left" }),
  "end-key": async ({ id, query }) => {
    await endKey(admin, id, query.get("name") ?? "");
    return {};
  },
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://latchkey.test");
  const [, place, what = "", id = ""] = pathname.split("/");
  if (place !== "act") {
    if (!(await answerFresh(request, response))) await routes(request, response);
    return;
  }
  const secret = String(request.headers["x-flow-cookie"] ?? "");
  const [status, body] = await (acts[what]?.({ query: searchParams, id, secret }) ?? Promise.reject(new Error("no such act"))).then(
    (done) => [200, done] as const,
    (error: unknown) => [500, { error: (error as Error).name, code: (error as { code?: string }).code }] as const,
  );
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

await openDatabase({ migrate: false });
const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit(0));
