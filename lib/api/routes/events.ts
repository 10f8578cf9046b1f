import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type ApiEnv, identify } from "@/lib/api/identify";
import { json, operationRoute } from "@/lib/api/operation-route";
import { eventOf, eventShape } from "@/lib/api/shapes/event";
import { paging } from "@/lib/api/shapes/page";
import { readFeed } from "@/lib/audit/read-feed";

export const events = new OpenAPIHono<ApiEnv>();

const query = z.strictObject({
  after: z
    .string()
    .regex(/^(now|\d{1,15})$/, "`next` of an answer before, or `now`")
    .default("0")
    .openapi({
      description:
        "`next` of the answer before. Left out: from the beginning. `now`: nothing that has happened, only where what comes next begins.",
      example: "now",
    }),
  limit: paging.limit,
});

const feedShape = z
  .object({
    data: z.array(eventShape),
    next: z.string().openapi({ description: "Keep it, and send it as `after` the next time", example: "48213" }),
    more: z.boolean().openapi({ description: "More can be had at once. Else ask again in a while." }),
  })
  .openapi("EventFeed");

events.openapi(
  operationRoute("event.list", {
    method: "get",
    path: "/events",
    operationId: "listEvents",
    tags: ["Events"],
    summary: "What happened, once each",
    description:
      "A feed for whoever keeps `next`: every event comes exactly once, in an order that never changes, also when transactions were committed out of order. A key that is limited to merchants or platforms is told of theirs alone, and an answer may then be empty and have `more`. Told is what happens to connections, merchants and platforms; not who signed in, who was invited, network addresses, or what staff noted for staff.",
    middleware: [identify] as const,
    request: { query },
    responses: { 200: json("What follows", feedShape) },
  }),
  async (context) => {
    const { after, limit } = context.req.valid("query");
    const { events: found, next, more } = await readFeed(context.get("actor"), { after: after === "now" ? null : Number(after), limit });
    return context.json({ data: found.map(eventOf), next: String(next), more }, 200);
  },
);
