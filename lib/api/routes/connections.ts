import { OpenAPIHono, z } from "@hono/zod-openapi";
import { freshly } from "@/lib/api/freshly";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute } from "@/lib/api/operation-route";
import { connectionShape, connectionsOf, oneConnection } from "@/lib/api/shapes/connection";
import { connectionId } from "@/lib/api/shapes/connection-id";
import { askedOf, connectionQuery } from "@/lib/api/shapes/connection-query";
import { next } from "@/lib/api/shapes/page";
import { findConnections } from "@/lib/connections/find-connections";
import { viewConnection } from "@/lib/connections/view-connection";

export const connections = new OpenAPIHono<ApiEnv>();

const list = z
  .object({
    data: z.array(connectionShape),
    total: z
      .object({ count: z.int(), is: z.enum(["exact", "about", "at_least"]) })
      .openapi({ description: "How many fit, and how sure that is: what would have to be counted one by one is estimated" }),
    next,
  })
  .openapi("ConnectionList");

connections.openapi(
  operationRoute("connection.list", {
    method: "get",
    path: "/connections",
    operationId: "listConnections",
    tags: ["Connections"],
    summary: "Find connections",
    description: "Those that the key may see, a page at a time. Filters narrow the list together.",
    middleware: [identify, freshly] as const,
    request: { query: connectionQuery },
    responses: { 200: json("A page of them", list) },
  }),
  async (context) => {
    const { rows, total, next: after } = await findConnections(context.get("actor"), askedOf(context.req.valid("query")));
    const is = total.is === "at least" ? ("at_least" as const) : total.is;
    const body = { data: await connectionsOf(rows), total: { count: total.n, is }, next: after };
    return context.json(body, 200);
  },
);

connections.openapi(
  operationRoute("connection.read", {
    method: "get",
    path: "/connections/{id}",
    operationId: "getConnection",
    tags: ["Connections"],
    summary: "One connection",
    middleware: [identify, freshly] as const,
    request: { params: z.object({ id: connectionId }), query: noQuery },
    responses: { 200: json("The connection", connectionShape) },
  }),
  async (context) => {
    const view = await viewConnection(context.get("actor"), context.req.valid("param").id);
    return context.json(await oneConnection(view), 200);
  },
);
