import { HTTPException } from "hono/http-exception";
import { ZodError } from "zod";
import { AppError } from "@/lib/errors";
import { failureOf } from "@/lib/failure";
import { correlationId, log } from "@/lib/log";
import { problemTitles } from "./problem-titles";

/** RFC 9457: `code` is stable, `title` says what to do, `errors` names what was wrong with which field. */
export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  code: string;
  errors?: { field: string; message: string }[];
  [fact: string]: unknown;
};

/** Seconds after which it makes sense to ask again, where nobody said. */
const AGAIN_S = 5;

export function problem(status: number, code: string, facts: Record<string, unknown> = {}, headers: Record<string, string> = {}): Response {
  const { retryAfterS, ...said } = facts;
  const wait = typeof retryAfterS === "number" ? retryAfterS : status === 503 ? AGAIN_S : null;
  const body: Problem = { type: "about:blank", title: problemTitles[code] ?? code, status, code, ...said };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      // What a platform answers through us may be a problem of its own.
      "latchkey-problem": code,
      ...(wait === null ? {} : { "retry-after": String(Math.max(1, Math.ceil(wait))) }),
      ...headers,
    },
  });
}

/** To be thrown where an answer says more than an AppError can hold. */
export const problemThrown = (status: 409 | 422, code: string, facts: Record<string, unknown>): HTTPException =>
  new HTTPException(status, { res: problem(status, code, facts) });

/** What went wrong, as the caller is told: what nobody expected is a reference and no more. */
export function problemOf(error: unknown): Response {
  if (error instanceof AppError) return problem(error.status, error.code, error.facts);
  if (error instanceof ZodError) return problem(400, "invalid", { errors: fieldsOf(error) });
  if (error instanceof HTTPException) return error.res ?? problem(error.status, error.status === 415 ? "media_type" : "not_json");
  log.error("api_failed", error);
  if (failureOf(error).kind === "down") return problem(503, "unavailable");
  return problem(500, "internal", { reference: correlationId() });
}

type Issues = readonly { code?: string; path: readonly PropertyKey[]; message: string; keys?: readonly string[] }[];

export const fieldsOf = ({ issues }: { issues: Issues }): { field: string; message: string }[] =>
  issues.flatMap(({ code, path, message, keys }) => {
    if (code !== "unrecognized_keys") return [{ field: path.map(String).join("."), message }];
    return (keys ?? []).map((key) => ({ field: [...path, key].map(String).join("."), message: "There is no such field here" }));
  });
