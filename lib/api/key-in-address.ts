import { createMiddleware } from "hono/factory";
import { AppError } from "@/lib/errors";
import { exposeKeys } from "@/lib/keys/expose-key";
import { keysWithin, shortestKey } from "@/lib/keys/key-token";

/** More than a few are somebody's game, who must not keep the database busy with it. */
const MOST = 3;

/** The query of an address, with its question mark; empty where none of ours fits into it. */
function queryOf(url: string): string {
  const from = url.indexOf("?");
  return from < 0 || url.length - from <= shortestKey ? "" : url.slice(from);
}

/** Refuses a request with a key of ours anywhere in its query, whose addresses proxies and logs keep. Throws AppError 400. */
export const refuseKeyInAddress = createMiddleware(async (context, next) => {
  const query = queryOf(context.req.url);
  if (query) await refuse(query);
  return next();
});

async function refuse(query: string): Promise<void> {
  const keys = [...new URLSearchParams(query)].flat().flatMap(keysWithin);
  if (keys.length === 0) return;
  await exposeKeys(keys.slice(0, MOST));
  throw new AppError("key_in_address", 400);
}
