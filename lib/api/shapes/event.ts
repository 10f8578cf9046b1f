import { z } from "@hono/zod-openapi";
import type { FedEvent } from "@/db/event-seals";
import { instant } from "./connection";

export const eventShape = z
  .object({
    id: z.string().openapi({ description: "Its place in the order", example: "48213" }),
    at: instant.openapi({ description: "When it happened, which is not quite the order" }),
    kind: z.string().openapi({
      description: "`<noun>.<what happened to it>`. Others may be added: skip what you do not know.",
      example: "connection.renewed",
    }),
    actor: z
      .object({ kind: z.string().openapi({ example: "key" }), id: z.string().nullable(), name: z.string() })
      .openapi({ description: "Who did it: `user`, `key`, `link` or `system`" }),
    connection: z.string().nullable().openapi({ description: "A connection's id", example: "con_8d3kz0vq5j1n7c2mwx4t" }),
    merchant: z.string().nullable().openapi({ description: "A merchant's id", example: "mer_0k3t9x5c7v1b2n4m6q8w" }),
    provider: z.string().nullable().openapi({ description: "A platform's slug", example: "harbor" }),
    attempt: z.string().nullable().openapi({ description: "One try to connect a store, from its start to its end" }),
    facts: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .openapi({ description: "What more there is to say of such an event", example: { code: "invalid_grant" } }),
  })
  .openapi("FeedEvent");

export const eventOf = (event: FedEvent): z.infer<typeof eventShape> => ({
  id: String(event.seq),
  at: new Date(event.at).toISOString(),
  kind: event.kind,
  actor: { kind: event.actorKind, id: event.actorId, name: event.actorName ?? "" },
  connection: event.connectionId,
  merchant: event.merchantId,
  provider: event.offer,
  attempt: event.attemptId,
  facts: event.facts,
});
