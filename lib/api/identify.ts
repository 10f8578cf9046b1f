import { createMiddleware } from "hono/factory";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { actorOfKey, findKey } from "@/lib/keys/find-key";
import { noteUse } from "@/lib/keys/hand-outs";
import { refuseKey } from "@/lib/keys/refuse-key";
import { takeBudget } from "@/lib/keys/take-budget";
import { budgetHeaders } from "./budget-headers";
import { problem } from "./problem";

export type ApiEnv = { Variables: { actor: KeyActor } };

const BEARER = /^Bearer +(\S+) *$/i;

/** The key that a request came with. Throws AppError 401 where it has none. */
export function keyOf(authorization: string | null | undefined): string {
  const token = BEARER.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new AppError("no_key", 401);
  return token;
}

/** Whose request it is, and that they may ask so often; nothing that a key is answered is kept by anybody. Throws AppError: 401 without a good key, 429. */
export const identify = createMiddleware<ApiEnv>(async (context, next) => {
  const token = keyOf(context.req.header("authorization"));
  const found = await findKey(token);
  if (!found) throw await refuseKey(token);
  noteUse(found.id);
  const taken = takeBudget(found.id, found.requestsPerSecond);
  const budget = await taken;
  // Who had to wait for it may wait long, and the key may have ended meanwhile.
  const key = taken instanceof Promise ? await findKey(token) : found;
  if (!key) throw await refuseKey(token);
  if (budget.refused) context.res = problem(429, "rate_limited", { retryAfterS: 1 });
  else {
    context.set("actor", actorOfKey(key));
    await next();
  }
  for (const [name, value] of Object.entries({ "cache-control": "no-store", ...budgetHeaders(budget) }))
    context.res.headers.set(name, value);
});
