import { ZodError } from "zod";
import { DatabaseError } from "@/db/database-error";
import { AppError } from "./errors";

/** `expected`: told by its code; `down`: the database cannot be reached, nothing was changed; `broken`: a bug, known by its reference. */
export type Failure = { kind: "expected" | "down" | "broken"; status: number; code: string };

// Lost or refused connections (class 08), a server that ends (57P), is full (53) or lacks the database (3D000), and the system's own words.
const DOWN = /^(08|57P|53|3D000|55000|E[A-Z]+$)/;

/** What may be said to a person about any error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return { kind: "expected", status: error.status, code: error.code };
  if (error instanceof ZodError) return { kind: "expected", status: 400, code: "bad_form" };
  if (error instanceof DatabaseError && DOWN.test(error.code)) return { kind: "down", status: 503, code: "database_down" };
  return { kind: "broken", status: 500, code: "broken" };
}
