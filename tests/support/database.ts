import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, inject } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { administer } from "./administer";

/**
 * Called at the top of a test file: gives the file a migrated database of its own, open as DATABASE_URL while its tests run.
 * The function it returns tells the address, for tests that start processes.
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
    await administer(server, `drop database if exists ${name} with (force)`);
  });

  return () => address.href;
}
