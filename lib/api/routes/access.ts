import { OpenAPIHono, z } from "@hono/zod-openapi";
import { freshAnswer } from "@/lib/api/access-fresh";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute, refusal } from "@/lib/api/operation-route";
import { problem } from "@/lib/api/problem";
import { accessOf, accessShape } from "@/lib/api/shapes/access";
import { batchOf, batchShape, credentialsShape, reportShape } from "@/lib/api/shapes/access-more";
import { text } from "@/lib/api/shapes/text";
import { access } from "@/lib/connections/access";
import { accessBatch } from "@/lib/connections/access-batch";
import { accessCredentials } from "@/lib/connections/access-credentials";
import { accessOfMerchant } from "@/lib/connections/access-of-merchant";
import { reportAccess } from "@/lib/connections/access-report";
import { AppError } from "@/lib/errors";

export const accessRoutes = new OpenAPIHono<ApiEnv>({
  defaultHook: (result) => {
    if (!result.success) throw result.error;
  },
});

const MOST_IDS = 100;

const params = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: "id", in: "path" }, example: "con_8d3kz0vq5j1n7c2mwx4t" }),
});
const minTtl = z.coerce.number().int().min(0).max(3_600).default(60).openapi({
  type: "integer",
  description:
    "Seconds that it must work yet; what has less is renewed first. Of access that lives no longer than that, half of its life will do: a renewal brings no more.",
});
const wish = z.strictObject({
  min_ttl: minTtl,
  rejected: z.coerce.number().int().min(0).max(2_147_483_647).optional().openapi({
    type: "integer",
    description: "The generation that the platform refused. It is asked whether that is so, and only then, and once a minute, renews it.",
  }),
});
const ended = {
  409: refusal("Only the store's owner can help: send them a connect link"),
  410: refusal("It was disconnected for good"),
};
const wishOf = (query: z.infer<typeof wish>) => ({ minTtlS: query.min_ttl, rejected: query.rejected ?? null });

// What can be handed out as it is held, which is nearly always. The plain listener asks it before anything of this is made.
accessRoutes.get("/connections/:id/access", async (context, next) => {
  const { path, url } = context.req;
  const from = url.indexOf("?");
  const fresh = await freshAnswer(`${path}${from < 0 ? "" : url.slice(from)}`, context.req.header("authorization"));
  if (!fresh) return next();
  return new Response(fresh.body, { status: fresh.status, headers: fresh.headers });
});

accessRoutes.openapi(
  operationRoute("access.read", {
    method: "get",
    path: "/connections/{id}/access",
    operationId: "getAccess",
    tags: ["Access"],
    summary: "Headers that work now",
    description:
      "What is held and good comes at once, without a call to the platform. Else one renewal is made in the whole installation and everybody waits for it, five seconds at most.",
    middleware: [identify] as const,
    request: { params, query: wish },
    responses: { 200: json("The access", accessShape), ...ended },
  }),
  async (context) => {
    const handed = await access(context.get("actor"), context.req.valid("param").id, wishOf(context.req.valid("query")));
    return context.json(accessOf(handed), 200);
  },
);

accessRoutes.openapi(
  operationRoute("access.read", {
    method: "get",
    path: "/access",
    operationId: "findAccess",
    tags: ["Access"],
    summary: "The same by merchant and platform",
    middleware: [identify] as const,
    request: {
      query: wish.extend({
        merchant: text(200).min(1).openapi({ description: "Your own id of the merchant, or ours" }),
        provider: text(64).min(1).openapi({ description: "The platform's slug" }),
      }),
    },
    responses: { 200: json("The access of the one connection", accessShape), ...ended },
  }),
  async (context) => {
    const { merchant, provider, ...query } = context.req.valid("query");
    const found = await accessOfMerchant(context.get("actor"), merchant, provider, wishOf(query)).catch((error: unknown) => error);
    if (found instanceof AppError && found.code === "ambiguous")
      return problem(409, "ambiguous", { connections: String(found.facts.connections).split(" ") }) as never;
    if (found instanceof Error) throw found;
    return context.json(accessOf(found as Parameters<typeof accessOf>[0]), 200);
  },
);

accessRoutes.openapi(
  operationRoute("access.read", {
    method: "post",
    path: "/access/batch",
    operationId: "getAccessBatch",
    tags: ["Access"],
    summary: "Access to many connections at once",
    description:
      "Each has a status of its own, as if it had been asked for alone. All of it is one request of what the key may ask in a second.",
    middleware: [identify] as const,
    request: {
      query: noQuery,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({ connections: z.array(z.string().max(64)).min(1).max(MOST_IDS), min_ttl: minTtl }),
          },
        },
      },
    },
    responses: { 200: json("One result for each id, in the order asked", batchShape) },
  }),
  async (context) => {
    const { connections, min_ttl } = context.req.valid("json");
    const found = await accessBatch(context.get("actor"), connections, { minTtlS: min_ttl, rejected: null });
    return context.json({ results: await Promise.all(found.map(batchOf)) }, 200);
  },
);

accessRoutes.openapi(
  operationRoute("access.report", {
    method: "post",
    path: "/connections/{id}/report",
    operationId: "reportAccess",
    tags: ["Access"],
    summary: "The platform refused this access",
    description: "The platform is asked whether that is so, once a minute however many say it, and everybody is told what came of it.",
    middleware: [identify] as const,
    request: {
      params,
      query: noQuery,
      body: { required: true, content: { "application/json": { schema: z.strictObject({ generation: z.int().min(0) }) } } },
    },
    responses: { 200: json("What came of it", reportShape), ...ended },
  }),
  async (context) => {
    const reported = await reportAccess(context.get("actor"), context.req.valid("param").id, context.req.valid("json").generation);
    return context.json(reported, 200);
  },
);

accessRoutes.openapi(
  operationRoute("credentials.read", {
    method: "get",
    path: "/connections/{id}/credentials",
    operationId: "getCredentials",
    tags: ["Access"],
    summary: "The credentials file behind the access",
    description:
      "For platforms that hand out such a file. It outlives every renewal, so each time is written into the connection's history.",
    middleware: [identify] as const,
    request: { params, query: noQuery },
    responses: { 200: json("The file as the platform made it", credentialsShape), ...ended },
  }),
  async (context) => {
    const { connectionId, offer, environment, accountId, file } = await accessCredentials(
      context.get("actor"),
      context.req.valid("param").id,
    );
    const about = { connection: connectionId, provider: offer, environment, account: accountId };
    return context.json({ ...about, credentials: file }, 200);
  },
);
