import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { operationRoute } from "@/lib/api/operation-route";
import { connectionOf, connectionShape } from "@/lib/api/shapes/connection";
import { viewConnection } from "@/lib/connections/view-connection";

export const connections = new OpenAPIHono<ApiEnv>();

const id = z
  .string()
  .max(64)
  .openapi({ param: { name: "id", in: "path" }, example: "con_8d3kz0vq5j1n7c2mwx4t" });

connections.openapi(
  operationRoute("connection.read", {
    method: "get",
    path: "/connections/{id}",
    summary: "One connection",
    middleware: [identify] as const,
    request: { params: z.object({ id }) },
    responses: { 200: { description: "The connection", content: { "application/json": { schema: connectionShape } } } },
  }),
  async (context) => context.json(connectionOf(await viewConnection(context.get("actor"), context.req.valid("param").id)), 200),
);
