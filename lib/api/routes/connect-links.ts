import { OpenAPIHono } from "@hono/zod-openapi";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute, refusal } from "@/lib/api/operation-route";
import { askedLink, linkOf, linkShape, newLinkShape } from "@/lib/api/shapes/connect-link";
import { createLink } from "@/lib/links/create-link";

export const connectLinks = new OpenAPIHono<ApiEnv>({
  defaultHook: (result) => {
    if (!result.success) throw result.error;
  },
});

connectLinks.openapi(
  operationRoute("link.create", {
    method: "post",
    path: "/connect-links",
    operationId: "createConnectLink",
    tags: ["Connect links"],
    summary: "A single-use link by which a merchant connects a store without an account",
    middleware: [identify] as const,
    request: { query: noQuery, body: { required: true, content: { "application/json": { schema: newLinkShape } } } },
    responses: {
      201: json("The link", linkShape),
      422: refusal("A platform, a connection or an address that does not fit: `code` says which"),
    },
  }),
  async (context) => {
    const created = await createLink(context.get("actor"), askedLink(context.req.valid("json")));
    return context.json(linkOf(created), 201);
  },
);
