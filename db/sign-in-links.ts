import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { verificationTokens as links } from "./schema";

type Link = { identifier: string; tokenHash: string };

/** Stores a link that lives `lifeS` seconds, and sweeps out those that ran out. */
export async function insertSignInLink(db: Executor, link: Link, lifeS: number): Promise<void> {
  await db.delete(links).where(sql`${links.expiresAt} <= app_now()`);
  await db.insert(links).values({ ...link, expiresAt: sql`app_now() + make_interval(secs => ${lifeS})` });
}

export async function countSignInLinks(db: Executor, identifier: string): Promise<number> {
  return db.$count(links, and(eq(links.identifier, identifier), sql`${links.expiresAt} > app_now()`));
}

/** Whether this link could be used now; it is not spent. */
export async function hasSignInLink(db: Executor, link: Link): Promise<boolean> {
  const rows = await db
    .select({ identifier: links.identifier })
    .from(links)
    .where(and(eq(links.identifier, link.identifier), eq(links.tokenHash, link.tokenHash), sql`${links.expiresAt} > app_now()`));
  return rows.length > 0;
}

/** Spends a link: of all that try at once, one gets `true`. Unknown, altered, spent and expired links give `false`. */
export async function takeSignInLink(db: Executor, link: Link): Promise<boolean> {
  const rows = await db
    .delete(links)
    .where(and(eq(links.identifier, link.identifier), eq(links.tokenHash, link.tokenHash)))
    .returning({ alive: sql<boolean>`${links.expiresAt} > app_now()` });
  return rows[0]?.alive ?? false;
}

export async function deleteSignInLinksOf(db: Executor, identifier: string): Promise<void> {
  await db.delete(links).where(eq(links.identifier, identifier));
}
