import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { authorize, type Operation, permissions } from "@/lib/auth/permissions";
import type { ApiEnv } from "./identify";
import { wholeBody } from "./whole-body";

export const problemSchema = z
  .looseObject({
    type: z.literal("about:blank"),
    title: z.string().openapi({ description: "What is the matter and what to do, for a person." }),
    status: z.int(),
    code: z.string().openapi({ description: "Stable: decide by this one.", example: "not_found" }),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

/** An answer of that shape. */
export const json = <S extends z.ZodType>(description: string, schema: S) => ({ description, content: { "application/json": { schema } } });

export const refusal = (description: string) => ({ description, content: { "application/problem+json": { schema: problemSchema } } });

const refusals = {
  400: refusal("What was sent is not as it must be"),
  401: refusal("No key, or none that is good"),
  403: refusal("The key lacks the scope, or was paused for this connection"),
  404: refusal("Not there, or not for this key"),
  429: refusal("Too many requests: Retry-After says when to go on"),
  503: refusal("Not now: Retry-After says when to try again"),
};

const bodyRefusals = {
  408: refusal("The body did not come within ten seconds"),
  413: refusal("More than 64 kB"),
  415: refusal("Not sent as application/json"),
};

/** Before anything that was sent is understood. */
const may = (operation: Operation) =>
  createMiddleware<ApiEnv>(async (context, next) => {
    authorize(context.get("actor"), operation);
    await next();
  });

/** A route that a key with the operation's scope may ask, with the answers that every one of them may give. */
export function operationRoute<const R extends Omit<RouteConfig, "security">>(operation: Operation, route: R) {
  const scope = permissions[operation].key;
  if (scope === null) throw new Error(`No key may do ${operation}.`);
  const middleware = [...(route.request?.body ? [wholeBody()] : []), ...[route.middleware ?? []].flat(), may(operation)];
  const refused = { ...refusals, ...(route.request?.body ? bodyRefusals : {}) };
  return createRoute({ ...route, middleware, responses: { ...refused, ...route.responses }, security: [{ key: [scope] }] } as R & {
    responses: R["responses"] & typeof refusals;
  });
}

/** Of a route that takes nothing in its address: whatever stands there is refused rather than overlooked. */
export const noQuery = z.strictObject({});
