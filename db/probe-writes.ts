import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** Throws where the database does not answer or takes no writes now, as one that is failing over. Changes nothing and locks nothing. */
export async function probeWrites(db: Executor): Promise<void> {
  await db.execute(sql`update clock set ahead = ahead where false`);
}
