import { type Attempt, findAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import type { Connector } from "@/lib/auth/actor";
import { reach } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";

/** Whether an attempt is still theirs who ask: they began it and still belong to its merchant, or still may import for anybody. */
export function mayContinue(actor: Connector, attempt: Pick<Attempt, "userId" | "merchantId">): boolean {
  if (actor.id !== attempt.userId) return false;
  return actor.merchants.some(({ id }) => id === attempt.merchantId) || reach(actor, "connection.import") === "any";
}

/** Throws 404 exactly as if it were not there. */
export async function ownAttempt(actor: Connector, id: string): Promise<Attempt> {
  const attempt = isId(id) ? await findAttempt(database(), id) : null;
  if (!attempt || !mayContinue(actor, attempt)) throw notFound();
  return attempt;
}
