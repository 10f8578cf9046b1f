import { database } from "@/db/client";
import { findWinner } from "@/db/starter-attempts";
import type { LinkActor } from "@/lib/auth/actor";

/** The page that tells what came of a link; null: nothing did. */
export async function wonAttempt({ id, closed }: Pick<LinkActor, "id" | "closed">): Promise<string | null> {
  const attempt = closed === "used" ? await findWinner(database(), id) : null;
  return attempt && `/by-link/${id}/result/${attempt}`;
}
