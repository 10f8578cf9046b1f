import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { MerchantRow } from "@/db/merchants";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, noQuery, operationRoute, refusal } from "@/lib/api/operation-route";
import { instant } from "@/lib/api/shapes/connection";
import { next, paging } from "@/lib/api/shapes/page";
import { typedText } from "@/lib/ids";
import { ensureMerchant } from "@/lib/people/ensure-merchant";
import { pageOfMerchants } from "@/lib/people/page-of-merchants";

export const merchants = new OpenAPIHono<ApiEnv>();

const externalId = z
  .string()
  .transform(typedText)
  .pipe(z.string().min(1).max(200))
  .openapi({ description: "Your own id of the merchant", example: "seller-4711" });

const merchantShape = z
  .object({
    id: z.string().openapi({ example: "mer_0k3t9x5c7v1b2n4m6q8w" }),
    external_id: z.string().nullable().openapi({ description: "Your own id of the merchant", example: "seller-4711" }),
    name: z.string().openapi({ example: "Nile Books" }),
    created_at: instant,
  })
  .openapi("Merchant");

const merchantOf = ({ id, externalId: external_id, name, createdAt }: MerchantRow) => ({
  id,
  external_id,
  name,
  created_at: createdAt.toISOString(),
});

merchants.openapi(
  operationRoute("merchant.list", {
    method: "get",
    path: "/merchants",
    operationId: "listMerchants",
    tags: ["Merchants"],
    summary: "Find merchants",
    description: "In an order that never changes.",
    middleware: [identify] as const,
    request: { query: z.strictObject({ external_id: externalId.optional(), ...paging }) },
    responses: {
      200: json("A page of them", z.object({ data: z.array(merchantShape), next }).openapi("MerchantList")),
    },
  }),
  async (context) => {
    const { external_id, after, limit } = context.req.valid("query");
    const page = await pageOfMerchants(context.get("actor"), { externalId: external_id, after, limit });
    return context.json({ data: page.rows.map(merchantOf), next: page.next }, 200);
  },
);

const merchantBody = z
  .strictObject({
    external_id: externalId,
    name: z.string().transform(typedText).pipe(z.string().min(1).max(200)).openapi({ example: "Nile Books" }),
  })
  .openapi("NewMerchant");

merchants.openapi(
  operationRoute("merchant.create", {
    method: "post",
    path: "/merchants",
    operationId: "createMerchant",
    tags: ["Merchants"],
    summary: "Make a merchant known",
    description:
      "By your own id, once, however often it is sent: the second time answers 200 with the one that is there. With another name it answers 409 and renames nobody.",
    middleware: [identify] as const,
    request: { query: noQuery, body: { required: true, content: { "application/json": { schema: merchantBody } } } },
    responses: {
      200: json("It was there", merchantShape),
      201: json("It was made", merchantShape),
      409: refusal("It is there by another name"),
    },
  }),
  async (context) => {
    const { external_id, name } = context.req.valid("json");
    const { merchant, made } = await ensureMerchant(context.get("actor"), { externalId: external_id, name });
    return made ? context.json(merchantOf(merchant), 201) : context.json(merchantOf(merchant), 200);
  },
);
