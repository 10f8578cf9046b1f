import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { operationRoute, refusal } from "@/lib/api/operation-route";
import { connectionId } from "@/lib/api/shapes/connection-id";
import { env } from "@/lib/env";
import { passOutside } from "@/lib/http";
import { passCall } from "@/lib/proxy/pass-call";

export const proxy = new OpenAPIHono<ApiEnv>();

const METHODS = ["get", "head", "post", "put", "patch", "delete"] as const;

const description = `Makes the call at the connection's platform, with its access attached, and passes on what comes of it: any status, any body, as it comes.
\`path\` is appended to the platform's API address (\`base_url\` of the access), slashes and all, and a query is passed on with it. Latchkey's own refusals
carry \`latchkey-problem\`, a platform's answer \`latchkey-generation\`. All your headers are passed on but \`Authorization\`, \`Cookie\`, those between
neighbours, and what proxies say of a call's way (\`Forwarded\`, \`Via\`, \`X-Forwarded-*\`, \`X-Original-*\`, \`X-Rewrite-*\`, \`X-Real-IP\`); of the platform's, all but its cookies and its word to browsers. Redirects are not followed. A 401 of the platform has the access renewed, and
the call made once more where it has no body or one with a \`Content-Length\` of at most 64 kB. A call takes at most 60 seconds. Paths with dot segments in any
spelling, empty segments or backslashes are refused, by whatever stands first on their way; none leads out of the platform's API address.`;

const body = { description: "Passed on as it comes", content: { "*/*": { schema: z.any() } } };

for (const method of METHODS) {
  const withBody = method !== "get" && method !== "head";
  const route: RouteConfig = operationRoute("proxy.call", {
    method,
    path: "/proxy/{id}/{path}",
    operationId: `${method}Proxied`,
    tags: ["Proxy"],
    summary: `Make a ${method.toUpperCase()} call at a connection's platform`,
    description: method === "get" ? description : "As with GET.",
    // The answer is the platform's, and not the API's to describe.
    "x-passed": true,
    request: {
      params: z.object({
        id: connectionId,
        path: z.string().openapi({ description: "The platform's path, slashes and all", example: "v2/merchants/me" }),
      }),
    },
    responses: {
      200: { description: "The platform's answer, whatever its status" },
      409: refusal("Only the store's owner can bring it back, or nobody knows where the platform's API lives"),
      410: refusal("The connection was ended"),
      502: refusal("The platform was not reached, or broke off"),
      504: refusal("The platform gave no answer within 60 seconds"),
    },
  });
  const { middleware: _none, ...described } = route;
  proxy.openAPIRegistry.registerPath({ ...described, request: { ...described.request, ...(withBody && { body }) } });
}

// Hono answers HEAD by the routes of GET.
const routed = METHODS.filter((method) => method !== "head").map((method) => method.toUpperCase());
proxy.on(routed, ["/proxy/:id", "/proxy/:id/*"], identify, (context) => {
  const asked = new URL(context.req.url);
  // Only the plain listener gives them along.
  const { incoming, outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
  // As it was sent: in an address that was read, dot segments have been resolved already.
  const sent = incoming?.url?.startsWith("/") ? (incoming.url.split("?")[0] ?? "") : asked.pathname;
  const [, ourPath = "", connectionId = "", path = ""] = /^(\/api\/v1\/proxy\/([^/]+))(\/.*)?$/.exec(sent) ?? [];
  return passCall(
    context.get("actor"),
    {
      connectionId,
      path,
      search: asked.search,
      request: context.req.raw,
      ourPath,
      ourHosts: [asked.host, new URL(env().LATCHKEY_URL).host],
      hangUp: outgoing && (() => outgoing.destroy()),
    },
    { pass: passOutside() },
  );
});
