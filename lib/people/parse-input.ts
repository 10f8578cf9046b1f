import type { z } from "zod";
import { AppError } from "@/lib/errors";

/** The parsed input. Throws AppError 422: its code is the first fault's as the schema names it, or `input` where it names none. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? "";
  throw new AppError(/^[a-z_]+$/.test(message) ? message : "input", 422);
}
