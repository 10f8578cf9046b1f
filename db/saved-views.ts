import { and, eq, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { savedViews } from "./list-tables";

export type SavedView = Pick<typeof savedViews.$inferSelect, "id" | "name" | "query">;

export async function viewsOf(db: Executor, userId: string): Promise<SavedView[]> {
  return db
    .select({ id: savedViews.id, name: savedViews.name, query: savedViews.query })
    .from(savedViews)
    .where(eq(savedViews.userId, userId))
    .orderBy(savedViews.name);
}

/** Under a name that the person has already, it takes the other's place. False: they have as many as they may. */
export async function putView(tx: Tx, view: SavedView & { userId: string }, most: number): Promise<boolean> {
  const { id, userId, name, query } = view;
  const done = await tx.execute(sql`
    insert into saved_views (id, user_id, name, query) select ${id}, ${userId}, ${name}, ${query}
    where (select count(*) from saved_views where user_id = ${userId} and name <> ${name}) < ${most}
    on conflict (user_id, name) do update set query = excluded.query`);
  return (done.rowCount ?? 0) > 0;
}

export async function dropView(tx: Tx, userId: string, id: string): Promise<string | null> {
  const [gone] = await tx
    .delete(savedViews)
    .where(and(eq(savedViews.id, id), eq(savedViews.userId, userId)))
    .returning({ name: savedViews.name });
  return gone?.name ?? null;
}
