import { OpenAPIHono, z } from "@hono/zod-openapi";
import { freshly } from "@/lib/api/freshly";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute } from "@/lib/api/operation-route";
import { providerOf, providerShape } from "@/lib/api/shapes/provider";
import { listProviders } from "@/lib/connections/list-providers";

export const providers = new OpenAPIHono<ApiEnv>();

providers.openapi(
  operationRoute("provider.list", {
    method: "get",
    path: "/providers",
    operationId: "listProviders",
    tags: ["Providers"],
    summary: "The platforms that stores can be connected at",
    middleware: [identify, freshly] as const,
    request: { query: noQuery },
    responses: {
      200: json("All of them that the key may see", z.object({ data: z.array(providerShape) }).openapi("ProviderList")),
    },
  }),
  async (context) => {
    const found = await listProviders(context.get("actor"));
    return context.json({ data: found.map(providerOf) }, 200);
  },
);
