import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { AppError } from "@/lib/errors";
import { keyOf } from "./identify";
import { problem } from "./problem";

/** Whoever needs longer to send so little keeps others waiting. */
const LONGEST_MS = 10_000;

const limited = bodyLimit({
  maxSize: 64 * 1024,
  onError: () => {
    throw new AppError("too_large", 413);
  },
});

/**
 * Takes in the whole body before the key is looked for, so that a key which is revoked while it comes does nothing any more. Who sends none at
 * all is refused before. Throws AppError 401, 413, 400 where the body breaks off.
 */
export const wholeBody = (longestMs = LONGEST_MS) =>
  createMiddleware(async (context, next) => {
    keyOf(context.req.header("authorization"));
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), longestMs);
    // Whatever reads it afterwards is given this.
    const read = limited(context, async () => void (await context.req.arrayBuffer()));
    const whole = read.catch((error: unknown) => {
      throw error instanceof AppError ? error : new AppError("body_cut", 400);
    });
    const came = await Promise.race([whole, late.promise]).finally(() => clearTimeout(timer));
    // What is still to come would be taken for the next request.
    if (came === "late") return problem(408, "body_late", {}, { connection: "close" });
    return next();
  });
