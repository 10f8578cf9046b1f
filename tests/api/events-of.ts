import { sql } from "drizzle-orm";
import { database } from "@/db/client";

/** What is told of a connection, the newest first, and of whom. */
export async function eventsOf(connectionId: string): Promise<{ kind: string; actor: string; by: string }[]> {
  const found = await database().execute<{ kind: string; actor: string; by: string }>(
    sql`select kind, actor_kind as actor, actor_id as by from events where connection_id = ${connectionId} order by id desc`,
  );
  return found.rows;
}
