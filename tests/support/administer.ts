import pg from "pg";

/** Runs one statement that cannot run in a transaction, such as CREATE DATABASE, on a connection of its own. */
export async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
