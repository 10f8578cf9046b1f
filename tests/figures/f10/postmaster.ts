import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";

/** The process that all others of the database's server come from, on this machine. */
export async function postmaster(): Promise<number> {
  const found = await database().execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const status = readFileSync(`/proc/${found.rows[0]?.pid}/status`, "utf8");
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}
