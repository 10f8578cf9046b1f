import { createMiddleware } from "hono/factory";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { findKeyActor } from "@/lib/keys/find-key-actor";
import { noteUse } from "@/lib/keys/hand-outs";

export type ApiEnv = { Variables: { actor: KeyActor } };

const BEARER = /^Bearer +(\S+) *$/i;

/** Whose request it is. Throws AppError 401: without a key, or with none that is good. */
export const identify = createMiddleware<ApiEnv>(async (context, next) => {
  const token = BEARER.exec(context.req.header("authorization") ?? "")?.[1];
  if (token === undefined) throw new AppError("no_key", 401);
  const actor = await findKeyActor(token);
  if (!actor) throw new AppError("unknown_key", 401);
  noteUse(actor.id);
  context.set("actor", actor);
  await next();
});
