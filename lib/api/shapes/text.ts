import { z } from "@hono/zod-openapi";

/** What a text column can hold. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((typed) => !/\p{Cc}/u.test(typed), "No control characters");
