import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eraseCluster } from "@/db/embedded";
import { findPlace } from "@/db/embedded/place";
import { readPassword } from "@/db/embedded/server";
import { plainClient } from "@/tests/support/administer";

const OWN = new Set([".latchkey", ".git", "test-results"]);

/** A folder that looks like a clone of this one, built and never run: the demo keeps its data where it is started. */
export async function cloneFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-demo-"));
  await chmod(folder, 0o755); // As root, PostgreSQL's own user must get in.
  for (const name of await readdir(".")) if (!OWN.has(name)) await symlink(resolve(name), join(folder, name));
  return folder;
}

export async function removeClone(folder: string): Promise<void> {
  await eraseCluster({ root: folder }).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

export type Demo = { child: ChildProcess; said: () => string; ended: Promise<number | NodeJS.Signals | null> };

/** What `npm run demo` runs, in that folder. */
export function runDemo(folder: string, values: readonly string[]): Demo {
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "tests/demo.ts", ...values], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((done) => child.once("close", (code, signal) => done(signal ?? code)));
  return { child, said: () => said, ended };
}

/** Whether anybody takes a connection there. */
export function listens(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const answer = (taken: boolean) => {
      socket.destroy();
      done(taken);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}

/** The addresses by which others could reach this machine. */
export function outsideAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return found.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
}

/** Asks the database of the demo that runs in that folder, without being counted among those who use it. */
export async function askDatabase<Row extends object>(folder: string, query: string): Promise<Row[]> {
  const place = await findPlace(folder);
  const client = await plainClient(
    `postgres://postgres:${await readPassword(place)}@localhost/latchkey?host=${encodeURIComponent(place.run)}`,
  );
  return client
    .query(query)
    .then(({ rows }) => rows as Row[])
    .finally(() => client.end());
}
