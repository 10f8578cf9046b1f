import { z } from "@hono/zod-openapi";
import type { Handed } from "@/lib/connections/access-hand-out";

export const accessShape = z
  .object({
    connection: z.string().openapi({ example: "con_8d3kz0vq5j1n7c2mwx4t" }),
    provider: z.string().openapi({ description: "The platform's slug, as in GET /providers" }),
    environment: z.string().openapi({ example: "production" }),
    account: z.string().nullable().openapi({ description: "The platform's own id of the account" }),
    headers: z.record(z.string(), z.string()).openapi({
      description:
        "Attach all of them to each call, as they are. They are secrets: keep them out of logs, and ask again instead of storing them.",
      example: { Authorization: "Bearer …" },
    }),
    base_url: z.string().nullable().openapi({
      description: "Where the platform takes them: join its documented paths to it. Null: nobody has told Latchkey.",
      example: "https://api.platform.example/v2",
    }),
    expires_at: z.iso.datetime().nullable().openapi({ description: "Null: the platform names no end; it works until it is refused" }),
    generation: z.int().openapi({ description: "Rises with each renewal. Send it as `rejected` where the platform refuses the headers." }),
  })
  .openapi("Access");

/** What goes over the wire; made without a schema, since it is made all the time. */
export const accessOf = (handed: Handed): z.infer<typeof accessShape> => ({
  connection: handed.connectionId,
  provider: handed.offer,
  environment: handed.environment,
  account: handed.accountId,
  headers: handed.headers,
  base_url: handed.baseUrl,
  expires_at: handed.expiresMs === null ? null : new Date(handed.expiresMs).toISOString(),
  generation: handed.generation,
});
