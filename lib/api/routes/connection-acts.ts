import { OpenAPIHono, z } from "@hono/zod-openapi";
import { freshly } from "@/lib/api/freshly";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute, refusal } from "@/lib/api/operation-route";
import { connectionShape, oneConnection } from "@/lib/api/shapes/connection";
import { connectionId } from "@/lib/api/shapes/connection-id";
import type { KeyActor } from "@/lib/auth/actor";
import type { Operation } from "@/lib/auth/permissions";
import { type ActResult, actNow } from "@/lib/connections/act-now";
import { revoke } from "@/lib/connections/revoke";
import { viewConnection } from "@/lib/connections/view-connection";
import { AppError } from "@/lib/errors";
import { typedText } from "@/lib/ids";

export const connectionActs = new OpenAPIHono<ApiEnv>();

const params = z.object({ id: connectionId });
/** What came of an act, for whoever may do that and perhaps nothing else. */
const shown = async (actor: KeyActor, id: string, done: Operation) => oneConnection(await viewConnection(actor, id, done));

/** What ends an act before the platform was asked, or without an answer of its. */
function unanswered(result: ActResult): void {
  if (result.kind === "throttled") throw new AppError("not_now", 503, { retryAfterS: result.waitS });
  if (result.kind === "not_now") throw new AppError("not_now", 503, { retryAfterS: result.retryAfterS });
}

const testShape = z
  .object({
    works: z
      .boolean()
      .nullable()
      .openapi({ description: "What the platform said; null: it is still being asked, and `connection` will tell" }),
    proved: z.boolean().openapi({ description: "False where the platform has nothing to be asked by, so that nothing is known" }),
    trouble: z.object({ kind: z.string(), code: z.string() }).nullable(),
    connection: connectionShape,
  })
  .openapi("ConnectionTest");

connectionActs.openapi(
  operationRoute("connection.test", {
    method: "post",
    path: "/connections/{id}/test",
    operationId: "testConnection",
    tags: ["Connections"],
    summary: "Ask the platform whether it works",
    description: "With fresh access where the old ran out. Only the platform's own refusal makes a connection need its owner.",
    middleware: [identify, freshly] as const,
    request: { params, query: noQuery },
    responses: {
      200: json("What the platform said", testShape),
      202: json("It is still being asked", testShape),
      410: refusal("It was revoked"),
    },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await actNow(context.get("actor"), id, "test");
    unanswered(result);
    const connection = await shown(context.get("actor"), id, "connection.test");
    if (result.kind === "cannot" && connection.ended) throw new AppError("revoked", 410);
    if (result.kind === "running" || result.kind === "busy")
      return context.json({ works: null, proved: false, trouble: null, connection }, 202);
    const trouble = result.kind === "failed" ? { kind: result.trouble, code: result.code } : null;
    const works = result.kind === "works";
    return context.json({ works, proved: !(works && result.unproved), trouble, connection }, 200);
  },
);

connectionActs.openapi(
  operationRoute("connection.renew", {
    method: "post",
    path: "/connections/{id}/renew",
    operationId: "renewConnection",
    tags: ["Connections"],
    summary: "Renew access now",
    description: "Latchkey renews in time by itself. This is for a backend that knows better, and for nobody's routine.",
    middleware: [identify, freshly] as const,
    request: { params, query: noQuery },
    responses: {
      200: json("It has new access", connectionShape),
      202: json("It is being renewed", connectionShape),
      409: refusal("Only its owner can mend it, or there is nothing to renew with"),
      410: refusal("It was revoked"),
      502: refusal("The platform did not do it"),
    },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await actNow(context.get("actor"), id, "renew");
    unanswered(result);
    const connection = await shown(context.get("actor"), id, "connection.renew");
    if (result.kind === "cannot") throw connection.ended ? new AppError("revoked", 410) : new AppError("cannot_renew", 409);
    if (result.kind === "failed") {
      const { trouble, code: cause } = result;
      if (trouble === "transient") throw new AppError("not_now", 503, { cause });
      throw trouble === "reconnect"
        ? new AppError("reconnect_required", 409, { cause })
        : new AppError("platform_failed", 502, { trouble, cause });
    }
    if (result.kind === "renewed") return context.json(connection, 200);
    return context.json(connection, 202);
  },
);

const revokeBody = z
  .strictObject({
    reason: z
      .string()
      .transform(typedText)
      .pipe(z.string().min(1).max(500))
      .openapi({ description: "Why, for whoever reads the audit", example: "The seller has left us" }),
    reach: z.enum(["authorization", "token"]).default("authorization").openapi({
      description:
        "`authorization`: all that the owner allowed, which at some platforms ends the account's other connections here too. `token`: this connection alone, where GET /providers says that the platform can do that.",
    }),
    ticket: z.string().trim().max(100).optional().openapi({ example: "SUP-1234" }),
  })
  .openapi("Revocation");

const revokedShape = z
  .object({
    already: z.boolean().openapi({ description: "It had been revoked before, so that this changed nothing" }),
    connection: connectionShape,
  })
  .openapi("Revoked");

connectionActs.openapi(
  operationRoute("connection.revoke", {
    method: "delete",
    path: "/connections/{id}",
    operationId: "revokeConnection",
    tags: ["Connections"],
    summary: "Revoke a connection",
    description:
      "Nothing is served from it any more once this answers. Then the platform is told, and the secrets are erased. Sent twice it says `already` and changes nothing.",
    middleware: [identify, freshly] as const,
    request: { params, query: noQuery, body: { required: true, content: { "application/json": { schema: revokeBody } } } },
    responses: {
      200: json("Revoked, and the platform knows or cannot be told", revokedShape),
      202: json("Nothing is served any more; the platform has not confirmed yet and is asked again", revokedShape),
      422: refusal("The platform has no narrower way"),
    },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const { kind } = await revoke(context.get("actor"), { connectionId: id, ...context.req.valid("json") });
    const connection = await shown(context.get("actor"), id, "connection.revoke");
    const body = { already: kind === "already", connection };
    return connection.status === "revoked" ? context.json(body, 200) : context.json(body, 202);
  },
);
