import { z } from "@hono/zod-openapi";
import type { CreatedLink } from "@/lib/links/create-link";

const id = z.string().min(1).max(64);

export const newLinkShape = z
  .strictObject({
    merchant: z.strictObject({
      external_id: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .openapi({ description: "Your own id of the merchant, who is made where there is none" }),
      name: z.string().trim().min(1).max(200).openapi({ description: "For a merchant that is made; the name of one that is there stays" }),
      locale: z.enum(["en", "ar"]).optional().openapi({ description: "The language that the link's page is shown in first" }),
    }),
    provider: id.optional().openapi({ description: "A platform's slug, as in GET /providers; without it the merchant chooses" }),
    reconnect: id.optional().openapi({ description: "A connection of that merchant that is to be connected again" }),
    return_url: z.url().max(2_000).optional().openapi({
      description: "Where the last page leads back to, with `status` (connected, denied, failed) and `connection`. Of an allowed origin.",
    }),
    expires_in: z.int().min(300).max(2_592_000).default(259_200).openapi({ description: "Seconds" }),
  })
  .openapi("NewConnectLink");

export const linkShape = z
  .object({
    id: z.string().openapi({ example: "lnk_8d3kz0vq5j1n7c2mwx4t" }),
    url: z.string().openapi({ description: "For the merchant alone. It is in this answer and nowhere else." }),
    expires_at: z.iso.datetime(),
    merchant: z.object({ id: z.string(), external_id: z.string().nullable(), name: z.string() }),
  })
  .openapi("ConnectLink");

export const linkOf = ({ id, url, expiresAt, merchant }: CreatedLink): z.infer<typeof linkShape> => ({
  id,
  url,
  expires_at: expiresAt.toISOString(),
  merchant: { id: merchant.id, external_id: merchant.externalId, name: merchant.name },
});

/** As the verb takes it. */
export const askedLink = ({ merchant, provider, reconnect, return_url, expires_in }: z.infer<typeof newLinkShape>) => ({
  merchant: { externalId: merchant.external_id, name: merchant.name },
  locale: merchant.locale,
  offer: provider,
  connectionId: reconnect,
  returnUrl: return_url,
  livesS: expires_in,
});
