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

/** Whether a connection can bring a timeout with it; a pooler may refuse that, or take it and forget it. */
export async function takesLimits(address: string): Promise<boolean> {
  const client = await plainClient(address, { statement_timeout: 12_345 }).catch((error: { code?: unknown }) => {
    if (error.code !== "08P01") throw error;
  });
  if (!client) return false;
  const { rows } = await client.query("show statement_timeout").finally(() => client.end());
  return rows[0].statement_timeout === "12345ms";
}
