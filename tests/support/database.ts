import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, inject } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { administer, dropDatabase, endSessions } from "./administer";

/**
 * Called at the top of a test file: gives the file a migrated database of its own, open as DATABASE_URL while its tests run.
 * The function it returns tells the address that the product takes; what else connects goes by `plainClient`.
 */
export function useDatabase(): () => string {
  const name = `latchkey_${randomBytes(6).toString("hex")}`;
  const server = inject("databaseServer");
  const address = new URL(server);
  address.pathname = `/${name}`;
  let before: string | undefined;

  beforeAll(async () => {
    before = process.env.DATABASE_URL;
    await administer(server, `create database ${name} template ${inject("databaseTemplate")}`);
    process.env.DATABASE_URL = address.href;
    await openDatabase({ migrate: false });
  });

  afterAll(async () => {
    await closeDatabase();
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
    await dropDatabase(server, name);
  });

  return () => address.href;
}

/** Runs work while the server lets nobody into that database, and has ended whoever was in. */
export async function whileClosed<T>(address: string, work: () => Promise<T>): Promise<T> {
  const server = inject("databaseServer");
  const name = new URL(address).pathname.slice(1);
  await administer(server, `alter database ${name} with allow_connections false`);
  try {
    await endSessions(server, name);
    return await work();
  } finally {
    await administer(server, `alter database ${name} with allow_connections true`);
    await untilReached(address);
  }
}

/** A pooler that was refused tries the server again only after a while. */
async function untilReached(address: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < 20_000; await sleep(100)) {
    const reached = await administer(address, "select 1").then(
      () => true,
      () => false,
    );
    if (reached) return;
  }
}

/** What a process that a test starts must be given so that the product in it takes the test's route. */
export function routeOfProcess(): { flags: string[]; environment: Record<string, string> } {
  const bridge = inject("neonBridge");
  if (!bridge) return { flags: [], environment: {} };
  return { flags: ["--import", "./tests/support/neon-process.ts"], environment: { TEST_NEON_BRIDGE: bridge } };
}
