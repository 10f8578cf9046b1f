import { OpenAPIHono, z } from "@hono/zod-openapi";
import { freshly } from "@/lib/api/freshly";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute, refusal } from "@/lib/api/operation-route";
import { problemThrown } from "@/lib/api/problem";
import { connectionShape, oneConnection } from "@/lib/api/shapes/connection";
import { text } from "@/lib/api/shapes/text";
import { importFor } from "@/lib/connections/import-for";
import { viewConnection } from "@/lib/connections/view-connection";
import { AppError } from "@/lib/errors";

export const imports = new OpenAPIHono<ApiEnv>();

const body = z
  .strictObject({
    provider: text(64).min(1).openapi({ description: "A platform's slug, as in GET /providers", example: "harbor" }),
    merchant: text(200).min(1).openapi({ description: "By your own id of the merchant, or ours", example: "seller-4711" }),
    name: z.string().max(80).optional().openapi({ description: "What people are to call the store", example: "Nile Books, Cairo" }),
    values: z
      .record(z.string().max(64), z.string().max(16_384))
      .openapi({ description: "By the names in `import_fields` of GET /providers", example: { refresh_token: "…" } }),
  })
  .openapi("Import");

const importedShape = z
  .object({
    connection: z
      .union([connectionShape, z.null()])
      .openapi({ description: "Null: the platform is still being asked, and it appears in GET /events" }),
  })
  .openapi("Imported");

imports.openapi(
  operationRoute("connection.import", {
    method: "post",
    path: "/connections/import",
    operationId: "importConnection",
    tags: ["Connections"],
    summary: "Bring a grant that exists already",
    description:
      "It is proved at the platform before it becomes the merchant's connection. An account that is connected already gets the new grant.",
    middleware: [identify, freshly] as const,
    request: { query: noQuery, body: { required: true, content: { "application/json": { schema: body } } } },
    responses: {
      200: json("The account was connected, and has the new grant", importedShape),
      201: json("A new connection", importedShape),
      202: json("The platform is still being asked", importedShape),
      409: refusal("Another merchant has this account"),
      422: refusal("The platform does not take these values"),
      502: refusal("The platform did not do it"),
    },
  }),
  async (context) => {
    const actor = context.get("actor");
    const imported = await importFor(actor, context.req.valid("json"));
    switch (imported.kind) {
      case "running":
        return context.json({ connection: null }, 202);
      case "refused":
        throw problemThrown(422, "refused", { cause: imported.cause, errors: imported.errors });
      case "not_now":
        throw new AppError("not_now", 503, { retryAfterS: imported.retryAfterS });
      case "taken":
        throw new AppError("account_taken", 409);
      case "failed":
        throw new AppError("platform_failed", 502, { trouble: imported.trouble, cause: imported.cause });
    }
    const connection = await oneConnection(await viewConnection(actor, imported.connectionId, "connection.import"));
    return imported.kind === "made" ? context.json({ connection }, 201) : context.json({ connection }, 200);
  },
);
