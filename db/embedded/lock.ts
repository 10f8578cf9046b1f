import { randomBytes } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PREFIX = "lock-";
const ABANDONED_MS = 60_000;

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

/** Whether a process listens there: asked of the kernel, so neither a reused pid nor a stopped process can mislead. */
function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"));
  });
}

async function othersLive(directory: string, own: string | undefined): Promise<boolean> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(PREFIX) || name === own) continue;
    const path = join(directory, name);
    if (await isLive(path)) return true;
    // A fresh one may be bound and not yet listening: only what is surely abandoned is swept away.
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > ABANDONED_MS) await unlink(path).catch(() => undefined);
  }
  return false;
}

async function tryLock(directory: string): Promise<Server | undefined> {
  if (await othersLive(directory, undefined)) return undefined;
  const own = `${PREFIX}${randomBytes(6).toString("hex")}`;
  const server = await listen(join(directory, own));
  // Everybody listens first and looks afterwards: of two, at least the later listener sees the other and steps back.
  const kept = await stat(join(directory, own)).catch(() => undefined);
  if (kept && !(await othersLive(directory, own))) return server;
  await new Promise((resolve) => server.close(resolve));
  return undefined;
}

/**
 * Runs work while no other process does so in this directory. The lock is a listening socket: it ends with its process,
 * however that ends. Rejects when it cannot be had within waitMs.
 */
export async function withLock<T>(directory: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const until = performance.now() + waitMs;
  for (;;) {
    const server = await tryLock(directory);
    if (server) {
      try {
        return await work();
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    }
    if (performance.now() > until) throw new Error(`Another process has held the lock in ${directory} for ${waitMs} ms.`);
    await sleep(20 + Math.random() * 80);
  }
}
