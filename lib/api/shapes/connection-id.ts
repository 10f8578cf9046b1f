import { z } from "@hono/zod-openapi";

export const connectionId = z
  .string()
  .max(64)
  .openapi({ param: { name: "id", in: "path" }, description: "A connection's id", example: "con_8d3kz0vq5j1n7c2mwx4t" });
