import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Secret } from "./forms";

// Set by `npm test` for itself and for all that it starts: what they write and which secrets they make is searched when they are done.
const runFolder = (): string | undefined => process.env.RUN_FOLDER || undefined;

/** The folder of a run, with what this run's processes will write into. */
export function openRun(root: string): void {
  for (const name of ["output", "servers"]) mkdirSync(join(root, name));
  process.env.RUN_FOLDER = root;
}

/** Notes a secret for the search at the end of the run, where there is one. */
export function keepSecret(kind: string, value: string): string {
  const root = runFolder();
  if (root) appendFileSync(join(root, "secrets.jsonl"), `${JSON.stringify({ kind, value } satisfies Secret)}\n`, { mode: 0o600 });
  return value;
}

/** Notes what a process wrote, under the name of who it was. */
export function keepOutput(name: string, text: string): void {
  const root = runFolder();
  if (root) appendFileSync(join(root, "output", `${name}.log`), text);
}

/**
 * Hands the files of a database server that has stopped over to the search, where there is one: its log of changes holds every row
 * that a test has written. Moved and not searched here, since who ends a server has no time to lose.
 */
export async function keepFiles(name: string, data: string): Promise<void> {
  const root = runFolder();
  if (!root) return;
  const to = join(root, "servers", name);
  // Where another disk holds them they can only be copied.
  await rename(data, to).catch(() => cp(data, to, { recursive: true }));
}

export function keptSecrets(root: string): Secret[] {
  const path = join(root, "secrets.jsonl");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Secret);
}
