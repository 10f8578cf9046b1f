import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { operationRoute } from "@/lib/api/operation-route";
import { env } from "@/lib/env";
import { passOutside } from "@/lib/http";
import { passCall } from "@/lib/proxy/pass-call";

export const proxy = new OpenAPIHono<ApiEnv>();

const METHODS = ["get", "head", "post", "put", "patch", "delete"] as const;

const description = `Makes the call at the connection's platform, with its access attached, and passes on what the platform answers: any status, any
body, as it comes. \`path\` is appended to the platform's API address (\`base_url\` of the access) and may hold slashes; the query is passed on too.
Answers of Latchkey's own carry \`latchkey-problem\` with their code; what comes of the platform carries \`latchkey-generation\`.

Of your headers all are passed on but \`Authorization\`, \`Cookie\` and what is between neighbours; of the platform's answer all but its cookies and
what it says to browsers. Redirects are never followed: where one leads below the same API, \`Location\` is a call through here. A call takes at most
60 seconds. A 401 of the platform has the access renewed and the call made once more where it has no body, or one with a \`Content-Length\` of at most
64 KB. Paths with \`..\` in any spelling, empty segments or backslashes are refused.`;

for (const method of METHODS)
  proxy.openAPIRegistry.registerPath(
    operationRoute("proxy.call", {
      method,
      path: "/proxy/{id}/{path}",
      operationId: `${method}Proxied`,
      summary: "Make a call at a connection's platform",
      description,
      request: {
        params: z.object({
          id: z.string().max(64).openapi({ example: "con_8d3kz0vq5j1n7c2mwx4t" }),
          path: z.string().openapi({ description: "The platform's path, slashes and all", example: "v2/merchants/me" }),
        }),
        ...(method !== "get" &&
          method !== "head" && { body: { description: "Passed on as it comes", content: { "*/*": { schema: z.any() } } } }),
      },
      responses: {
        200: { description: "The platform's answer: any status, headers and body that it gives" },
        409: { description: "The store has to be connected anew, or its platform's API address is not known here" },
        410: { description: "The connection was revoked" },
        502: { description: "No answer of the platform: it was not reached, or broke off" },
        504: { description: "The platform did not end its answer within a minute" },
      },
    }),
  );

// Hono answers HEAD by the routes of GET.
const routed = METHODS.filter((method) => method !== "head").map((method) => method.toUpperCase());
proxy.on(routed, ["/proxy/:id", "/proxy/:id/*"], identify, (context) => {
  const asked = new URL(context.req.url);
  const [, ourPath = "", connectionId = "", path = ""] = /^(\/api\/v1\/proxy\/([^/]+))(\/.*)?$/.exec(asked.pathname) ?? [];
  // Only the plain listener gives them along.
  const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
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
