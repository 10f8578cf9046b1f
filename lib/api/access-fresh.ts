import type { IncomingMessage, ServerResponse } from "node:http";
import { hashToken } from "@/lib/auth/session-token";
import { handOut } from "@/lib/connections/access-hand-out";
import { reachableBy, readSoon } from "@/lib/connections/access-reading";
import { serves, type Wish } from "@/lib/connections/access-wish";
import { takeBudget } from "@/lib/keys/take-budget";
import { VaultError } from "@/lib/vault";
import { budgetHeaders } from "./budget-headers";
import { problemOf } from "./problem";
import { accessOf } from "./shapes/access";

type Answer = { status: number; headers: Record<string, string>; body: string };

const ASKED = /^\/api\/v1\/connections\/(\w{1,64})\/access(?:\?([\w=&]{0,60}))?$/;
const BEARER = /^Bearer (lk_[0-9a-z]{38})$/;

/**
 * The answer to a call for access that can be handed out as it is held: one statement, and none of what an API usually brings. Null: it is not
 * that, so the route answers it, and all that is refused is refused there.
 */
export async function freshAnswer(url: string, authorization: string | undefined): Promise<Answer | null> {
  const [, id, query = ""] = ASKED.exec(url) ?? [];
  const token = BEARER.exec(authorization ?? "")?.[1];
  const wish = wishOf(query);
  if (id === undefined || token === undefined || wish === null) return null;
  let told: Record<string, string> = {};
  try {
    const found = await readHeld(token, id, wish);
    if (!found) return null;
    const taken = takeBudget(found.keyId, found.perSecond);
    const budget = await taken;
    told = budgetHeaders(budget);
    // Who had to wait for it may wait long, and access may have ended meanwhile.
    const row = taken instanceof Promise ? await readHeld(token, id, wish) : found;
    const handed = budget.refused || !row ? null : handOut(row.keyId, row);
    return handed && plain(200, JSON.stringify(accessOf(handed)), { "content-type": "application/json", ...told });
  } catch (error) {
    if (error instanceof VaultError) return null;
    const refused = problemOf(error);
    return plain(refused.status, await refused.text(), { ...Object.fromEntries(refused.headers), ...told });
  }
}

/** What may be handed out as it is at this moment. */
async function readHeld(token: string, id: string, wish: Wish) {
  const row = await readSoon({ hash: hashToken(token) }, id);
  return row && reachableBy(row, "access.read") && serves(row, wish) ? row : null;
}

const plain = (status: number, body: string, headers: Record<string, string>): Answer => ({
  status,
  headers: { ...headers, "cache-control": "no-store", "content-length": String(Buffer.byteLength(body)) },
  body,
});

/** Null: nothing that is plainly right, so that the route's schema says what is wrong with it. */
function wishOf(query: string): Wish | null {
  if (query === "") return { minTtlS: 60, rejected: null };
  const given = new Map<string, number>();
  for (const part of query.split("&")) {
    const [, name, digits] = /^(min_ttl|rejected)=(\d{1,9})$/.exec(part) ?? [];
    if (name === undefined || given.has(name)) return null;
    given.set(name, Number(digits));
  }
  const minTtlS = given.get("min_ttl") ?? 60;
  return minTtlS <= 3_600 ? { minTtlS, rejected: given.get("rejected") ?? null } : null;
}

/** The same on the plain listener, before anything is made of the request. False: it is not answered. */
export async function answerFresh(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.method !== "GET") return false;
  const answer = await freshAnswer(request.url ?? "", request.headers.authorization);
  if (!answer) return false;
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
  return true;
}
