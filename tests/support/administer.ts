import pg from "pg";
import { plainAddress } from "./route";

/** Connects by node-postgres whatever driver the product would take, apart from its pool. Whoever calls ends it. */
export async function plainClient(address: string, more: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: plainAddress(address), ...more });
  client.on("error", () => undefined); // Tests break connections; whoever waits on one is told by a rejection.
  await client.connect();
  return client;
}

/** Runs one statement that cannot run in a transaction, such as CREATE DATABASE, on a connection of its own. */
export async function administer(address: string, statement: string): Promise<void> {
  const client = await plainClient(address);
  await client.query(statement).finally(() => client.end());
}

/**
 * Ends this role's own sessions in a database. The server's workers are left to it: who is no superuser is refused for trying to end
 * one, so that neither `drop database … with (force)` nor this without its condition would be safe from autovacuum.
 */
export function endSessions(server: string, database: string): Promise<void> {
  const others = `datname = '${database}' and usename = current_user and pid <> pg_backend_pid()`;
  return administer(server, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
}

/** Drops a database whoever is in it; the server itself sends its own workers away. */
export async function dropDatabase(server: string, database: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await endSessions(server, database);
    try {
      return await administer(server, `drop database if exists ${database}`);
    } catch (error) {
      // A pooler may have let somebody in between the two.
      if ((error as { code?: string }).code !== "55006" || tries === 5) throw error;
    }
  }
}

/** Whether a connection can bring a timeout with it; a pooler may refuse that, or take it and forget it. */
export async function takesLimits(address: string): Promise<boolean> {
  const client = await plainClient(address, { statement_timeout: 12_345 }).catch((error: { code?: unknown }) => {
    if (error.code !== "08P01") throw error;
  });
  if (!client) return false;
  const { rows } = await client.query("show statement_timeout").finally(() => client.end());
  return rows[0].statement_timeout === "12345ms";
}
