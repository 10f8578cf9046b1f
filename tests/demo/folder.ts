import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { eraseCluster } from "@/db/embedded";

const DATA = ".latchkey";
/** That the demo keeps its own things there is also the mark that the data beside it is the demo's. */
export const STATE = join(DATA, "demo");

const hasDatabase = () => ["postgres", "location"].some((sign) => existsSync(join(DATA, sign)));

/** Takes `.latchkey` for the demo, or tells why that must not be. */
export function claimFolder(): string | null {
  if (!existsSync(STATE) && hasDatabase()) {
    return "The .latchkey folder here holds data that the demo did not make, so the demo leaves it alone.\nRun the demo in another clone, or move .latchkey away.";
  }
  // PostgreSQL's own user must get through as well when root runs this.
  mkdirSync(DATA, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  return null;
}

/** Deletes everything that the demo made. Rejects while a process uses the database, and where the data is not the demo's. */
export async function eraseFolder(): Promise<void> {
  if (!existsSync(STATE)) return;
  await eraseCluster({ root: process.cwd() });
  rmSync(DATA, { recursive: true, force: true });
}

const ONLY_ONE = 0x64656d6f;

/** Holds the demo's place in its database until `leave`; null when another demo has it. A killed one loses it by itself. */
export async function takePlace(url: string): Promise<{ leave: () => Promise<void> } | null> {
  const client = new pg.Client({ connectionString: url, application_name: "latchkey-demo" });
  client.on("error", () => undefined);
  await client.connect();
  const answer = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [ONLY_ONE]);
  if (answer.rows[0]?.taken) return { leave: () => client.end() };
  await client.end();
  return null;
}
