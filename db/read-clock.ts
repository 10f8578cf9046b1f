import { sql } from "drizzle-orm";
import type { Executor } from "./client";

/** The database's time: the only one that leases and expiry are judged by. */
export async function readClock(db: Executor): Promise<Date> {
  const answer = await db.execute<{ now: Date | string }>(sql`select app_now() as now`);
  return new Date(answer.rows[0]?.now ?? Number.NaN);
}
