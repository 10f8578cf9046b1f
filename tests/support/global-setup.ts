import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { closeDatabase, openDatabase } from "@/db/client";
import { eraseCluster, openCluster } from "@/db/embedded";
import { findPlace } from "@/db/embedded/place";
import { keepFiles } from "@/tests/leaks/run-folder";
import { administer, dropDatabase, endSessions } from "./administer";
import { startNeonBridge, useNeonBridge } from "./neon-bridge";
import { startOwnServer } from "./own-server";
import { neonAddress } from "./route";
import { startTransactionPooler } from "./transaction-pooler";

declare module "vitest" {
  interface ProvidedContext {
    databaseRoute: "embedded" | "external" | "neon";
    /** Address of a database from which others may be made and dropped. */
    databaseServer: string;
    /** A migrated, empty database: the pattern that each test file clones. */
    databaseTemplate: string;
    neonBridge: string | undefined;
  }
}

type Route = { server: string; end: () => Promise<void> };

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

async function embedded(): Promise<Route> {
  await sweep();
  const root = await mkdtemp(join(tmpdir(), FOLDER));
  await chmod(root, 0o755); // As root, PostgreSQL's own user must get in.
  const cluster = await openCluster({ root });
  const end = async () => {
    await cluster.leave();
    await keepFiles("embedded", (await findPlace(root)).data);
    await eraseCluster({ root });
    await rm(root, { recursive: true, force: true });
  };
  return { server: cluster.url, end };
}

// Each project loads this file anew, and several need the same server, the same template.
const holder = globalThis as { latchkeyTestShared?: Map<string, { users: number; made: Promise<{ end: () => Promise<void> }> }> };
holder.latchkeyTestShared ??= new Map();
const shared = holder.latchkeyTestShared;

/** One for the whole run: made by the first who needs it, ended by the last. */
async function share<T extends { end: () => Promise<void> }>(name: string, make: () => Promise<T>): Promise<T> {
  const kept = shared.get(name) ?? { users: 0, made: make() };
  shared.set(name, kept);
  kept.users += 1;
  const made = (await kept.made) as T;
  const end = async () => {
    kept.users -= 1;
    if (kept.users > 0) return;
    shared.delete(name);
    await made.end();
  };
  return { ...made, end };
}

/** TEST_DATABASE_URL, or else a server of this run's own, which the external route and Neon's have in common. */
async function external(): Promise<Route> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { server: given, end: async () => undefined };
  return share("server", () => startOwnServer(`${FOLDER}server-`));
}

/** As Neon's pooled addresses are: a WebSocket to a pooler that hands out connections by the transaction. */
async function neon(): Promise<Route & { bridge: string }> {
  const behind = await external();
  const pooler = await startTransactionPooler(behind.server);
  const bridge = await startNeonBridge();
  useNeonBridge(bridge.host);
  const end = async () => {
    bridge.end();
    pooler.end();
    await behind.end();
  };
  return { server: neonAddress(pooler.address), bridge: bridge.host, end };
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
  // Nobody may be in a database that is cloned; a pooler would keep its connections to it.
  await administer(server, `alter database ${template} with allow_connections false`);
  await endSessions(server, template);
}

type Suite = Route & { template: string; bridge?: string };

async function prepare(kind: ProvidedContext["databaseRoute"]): Promise<Suite> {
  const route: Route & { bridge?: string } = await { embedded, external, neon }[kind]();
  const template = `latchkey_template_${kind}_${process.pid}`;
  try {
    await migrateInto(route.server, template);
  } catch (error) {
    await route.end();
    throw error;
  }
  const end = async () => {
    await dropDatabase(route.server, template);
    await route.end();
  };
  return { ...route, template, end };
}

/** The server of the project's route, and a migrated database on it. */
export default async function setup(project: TestProject) {
  const kind = project.getProvidedContext().databaseRoute;
  const suite = await share(kind, () => prepare(kind));
  project.provide("databaseServer", suite.server);
  project.provide("databaseTemplate", suite.template);
  project.provide("neonBridge", suite.bridge);
  return suite.end;
}
