import { z } from "@hono/zod-openapi";
import { text } from "./text";

const MOST = 100;

/** What every list takes: where to go on, and how much at once. */
export const paging = {
  after: text(512)
    .optional()
    .openapi({ description: "`next` of the page before, as it was given. Leave out for the first page.", example: undefined }),
  limit: z.coerce.number().int().min(1).max(MOST).default(50).openapi({ description: "At most so many of them", example: 50 }),
};

export const next = z.string().nullable().openapi({
  description: "Send it as `after` for the next page; null: this is the last one. A page may be empty and still have a next one.",
});
