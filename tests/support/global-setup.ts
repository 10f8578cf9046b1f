import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { closeDatabase, openDatabase } from "@/db/client";
import { eraseCluster, openCluster } from "@/db/embedded";
import { administer } from "./administer";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a database from which others may be made and dropped. */
    databaseServer: string;
    /** A migrated, empty database: the pattern that each test file clones. */
    databaseTemplate: string;
  }
}

const FOLDER = "latchkey-test-";

/** Erases what runs that were killed have left; one that still runs refuses to be erased. */
async function sweep() {
  for (const name of await readdir(tmpdir())) {
    const root = join(tmpdir(), name);
    const old = name.startsWith(FOLDER) && (await stat(root).catch(() => undefined));
    if (!old || Date.now() - old.mtimeMs < 3_600_000) continue;
    await eraseCluster({ root })
      .then(() => rm(root, { recursive: true, force: true }))
      .catch(() => undefined);
  }
}

async function migrateInto(server: string, template: string) {
  await administer(server, `create database ${template} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
  const address = new URL(server);
  address.pathname = `/${template}`;
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = address.href;
  await openDatabase();
  await closeDatabase();
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
}

/** One server for the whole run: TEST_DATABASE_URL, or an embedded cluster in a folder of its own. */
export default async function setup(project: TestProject) {
  const external = process.env.TEST_DATABASE_URL || undefined;
  if (!external) await sweep();
  const root = external ? undefined : await mkdtemp(join(tmpdir(), FOLDER));
  if (root) await chmod(root, 0o755); // As root, PostgreSQL's own user must get in.
  const cluster = root ? await openCluster({ root }) : undefined;
  const server = external ?? cluster?.url ?? "";
  const template = `latchkey_template_${process.pid}`;

  const end = async () => {
    await cluster?.leave();
    if (!root) return;
    await eraseCluster({ root });
    await rm(root, { recursive: true, force: true });
  };
  try {
    await migrateInto(server, template);
  } catch (error) {
    await end();
    throw error;
  }
  project.provide("databaseServer", server);
  project.provide("databaseTemplate", template);

  return async () => {
    await administer(server, `drop database ${template} with (force)`);
    await end();
  };
}
