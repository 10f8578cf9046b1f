import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDatabase, openDatabase } from "@/db/client";
import { eraseCluster, openCluster } from "@/db/embedded";
import { administer } from "@/tests/support/administer";
import { startOwnServer } from "@/tests/support/own-server";
import type { SetUp } from "./figure";

type Server = { address: string; end: () => Promise<void> };

/** A server that knows nothing of us, over TCP. */
async function external(): Promise<Server> {
  const own = await startOwnServer("latchkey-figures-");
  await administer(own.server, "create database latchkey encoding 'UTF8' locale 'C.UTF-8' template template0");
  const address = new URL(own.server);
  address.pathname = "/latchkey";
  return { address: address.href, end: own.end };
}

/** The product's own cluster: fsync on, through the Unix socket. */
async function embedded(): Promise<Server> {
  const root = await mkdtemp(join(tmpdir(), "latchkey-figures-"));
  await chmod(root, 0o755); // As root, PostgreSQL's own user must get in.
  const cluster = await openCluster({ root });
  const end = async () => {
    await cluster.leave();
    await eraseCluster({ root });
    await rm(root, { recursive: true, force: true });
  };
  return { address: cluster.url, end };
}

/** Works with an empty, migrated database that is open in this process as well, and leaves nothing of it behind. */
export async function withDatabase<T>(kind: SetUp, work: (address: string) => Promise<T>): Promise<T> {
  if (kind === "none") return work("");
  const server = await { external, embedded }[kind]();
  try {
    process.env.DATABASE_URL = server.address;
    await openDatabase();
    return await work(server.address);
  } finally {
    await closeDatabase();
    await server.end();
  }
}
