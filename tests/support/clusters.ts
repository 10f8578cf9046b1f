import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import pg from "pg";

const PROJECT = process.cwd();
const started = new Set<ChildProcess>();

export interface Member {
  url: string;
  process: ChildProcess;
  /** Sends the signal and waits for the end. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** A folder for a cluster that every user may enter. */
export async function clusterFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "latchkey-cluster-"));
  await chmod(root, 0o755);
  return root;
}

export function spawnMember(root: string, cwd = PROJECT): ChildProcess {
  const tsx = pathToFileURL(join(PROJECT, "node_modules/tsx/dist/loader.mjs")).href;
  const child = spawn(process.execPath, ["--import", tsx, fileURLToPath(new URL("./cluster-process.ts", import.meta.url)), root], {
    cwd,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(PROJECT, "tsconfig.json") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

/** Starts a process that joins the cluster of root, and waits until it has. */
export async function joinFromProcess(root: string, cwd?: string): Promise<Member> {
  const child = spawnMember(root, cwd);
  const { url } = await new Promise<{ url: string }>((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("\n")) resolve(JSON.parse(said) as { url: string });
    });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${complaint}`)));
  });
  return {
    url,
    process: child,
    end: (signal) =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill(signal);
      }),
  };
}

export function killMembers() {
  for (const child of started) child.kill("SIGKILL");
}

export async function ask<T extends object>(url: string, statement: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client
    .query(statement, values)
    .then((result) => result.rows as T[])
    .finally(() => client.end());
}

/** The pid on record of the server whose data lies in that folder, or undefined when none runs. */
export async function serverPid(data: string): Promise<number | undefined> {
  const record = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => undefined);
  return record === undefined ? undefined : Number(record.split("\n")[0]);
}

export async function until<T>(what: string, look: () => Promise<T | undefined | false>, waitMs = 10_000): Promise<T> {
  for (const end = performance.now() + waitMs; performance.now() < end; await sleep(30)) {
    const seen = await look().catch(() => undefined);
    if (seen) return seen;
  }
  throw new Error(`${what} did not come to pass within ${waitMs} ms`);
}
