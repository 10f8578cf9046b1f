import { existsSync } from "node:fs";
import { readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Cluster, eraseCluster, openCluster } from "@/db/embedded";
import { ask, clusterFolder, joinFromProcess, killMembers, serverPid, spawnMember, until } from "@/tests/support/clusters";

// Several starts of PostgreSQL each, beside whatever else the machine does.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const CANARY = "CNRY-e5d1c0";
const WHO = "select pg_postmaster_start_time()::text as started";

async function erase(root: string) {
  killMembers();
  await until("erasing", async () => {
    await eraseCluster({ root });
    return true;
  });
  await rm(root, { recursive: true, force: true });
}

describe("the cluster", () => {
  let root = "";
  let cluster: Cluster;

  beforeAll(async () => {
    root = await clusterFolder();
    process.env.LATCHKEY_TEST_SECRET = CANARY;
    cluster = await openCluster({ root });
  });
  afterAll(async () => {
    delete process.env.LATCHKEY_TEST_SECRET;
    await cluster.leave();
    await erase(root);
  });

  it("is durable, UTF8 and reads Arabic", async () => {
    const names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "server_encoding", "listen_addresses", "TimeZone"];
    const columns = names.map((name) => `current_setting('${name}') as "${name}"`).join(", ");
    expect((await ask(cluster.url, `select ${columns}`))[0]).toEqual({
      fsync: "on",
      full_page_writes: "on",
      synchronous_commit: "on",
      data_checksums: "on",
      server_encoding: "UTF8",
      listen_addresses: "",
      TimeZone: "UTC",
    });
    const [locale] = await ask(
      cluster.url,
      "select datlocprovider as p, datcollate as c from pg_database where datname = current_database()",
    );
    expect(locale).toEqual({ p: "c", c: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8" });
    await ask(cluster.url, "create extension pg_trgm");
    const [words] = await ask<{ n: number; l: number }>(cluster.url, "select cardinality(show_trgm('الأمل')) as n, length('الأمل') as l");
    expect(words).toEqual({ n: 6, l: 5 });
  });

  it("lets the application in as an ordinary role with a password, and nobody without", async () => {
    const [role] = await ask(cluster.url, "select rolname, rolsuper from pg_roles where rolname = current_user");
    expect(role).toEqual({ rolname: "latchkey", rolsuper: false });
    const open = new URL(cluster.url);
    open.password = "guess";
    await expect(ask(open.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    open.username = "postgres";
    await expect(ask(open.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(root, ".latchkey", "postgres-password"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, ".latchkey", "run"))).mode & 0o777).toBe(0o700);
  });

  it.runIf(process.platform === "linux")("listens on its socket alone, and was given none of our environment", async () => {
    const pid = await serverPid(join(root, ".latchkey", "postgres"));
    const open = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
    const inodes = open.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
    expect(inodes.length).toBeGreaterThan(0);
    const tcp = (await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")))).join("");
    expect(inodes.filter((inode) => tcp.includes(` ${inode} `))).toEqual([]);
    expect(await readFile(`/proc/${pid}/environ`, "utf8")).not.toContain(CANARY);
  });

  it("writes no value into its log when statements fail", async () => {
    await expect(ask(cluster.url, `select '${CANARY}'::uuid`)).rejects.toMatchObject({ code: "22P02" });
    await expect(ask(cluster.url, "select $1::uuid", [CANARY])).rejects.toMatchObject({ code: "22P02" });
    await ask(cluster.url, `create table secret (id text primary key); insert into secret values ('${CANARY}')`);
    await expect(ask(cluster.url, `insert into secret values ('${CANARY}')`)).rejects.toMatchObject({ code: "23505" });
    const log = await readFile(join(root, ".latchkey", "postgres.log"), "utf8");
    expect(log).toContain("ready to accept connections");
    expect(log).not.toContain(CANARY);
  });

  it("is not erased under a process that uses it", async () => {
    await expect(eraseCluster({ root })).rejects.toThrow(`in use by process ${process.pid}`);
    expect(await ask(cluster.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

describe("P-01, P-02: the cluster's life among processes", () => {
  let root = "";
  let data = "";

  beforeEach(async () => {
    root = await clusterFolder();
    data = join(root, ".latchkey", "postgres");
  });
  afterEach(() => erase(root));

  it("five that start together share one server; it stays with the last and keeps the data", async () => {
    const members = await Promise.all(Array.from({ length: 5 }, () => joinFromProcess(root)));
    const servers = new Set(
      (await Promise.all(members.map((member) => ask<{ started: string }>(member.url, WHO)))).map((rows) => rows[0]?.started),
    );
    expect(servers.size).toBe(1);
    const [last, ...others] = members;
    if (!last) throw new Error("no member");
    await ask(last.url, "create table kept (id int)");
    expect(await Promise.all(others.map((member) => member.end("SIGTERM")))).toEqual([0, 0, 0, 0]);
    expect(await ask(last.url, "select count(*)::int as n from kept")).toEqual([{ n: 0 }]);
    await ask(last.url, "insert into kept values (7)");
    expect(await last.end("SIGTERM")).toBe(0);
    expect(await serverPid(data)).toBeUndefined();

    const again = await openCluster({ root });
    expect(again.url).toBe(last.url);
    expect(await ask(again.url, "select id from kept")).toEqual([{ id: 7 }]);
    await again.leave();
    await again.leave();
    expect(await serverPid(data)).toBeUndefined();
  });

  it("outlives kill -9 of its only process, and the next one attaches", async () => {
    const member = await joinFromProcess(root);
    await ask(member.url, "create table kept as select 7 as id");
    const pid = await serverPid(data);
    await member.end("SIGKILL");
    const next = await openCluster({ root });
    expect(await serverPid(data)).toBe(pid);
    expect(await ask(next.url, "select id from kept")).toEqual([{ id: 7 }]);
    await next.leave();
    expect(await serverPid(data)).toBeUndefined();
  });

  it("is started again after kill -9 of the server, and those who were there claim it anew", async () => {
    const stays = await openCluster({ root });
    await ask(stays.url, "create table kept as select 7 as id");
    const pid = await serverPid(data);
    process.kill(pid ?? 0, "SIGKILL");
    const comes = await joinFromProcess(root);
    expect(await serverPid(data)).not.toBe(pid);
    expect(await ask(comes.url, "select id from kept")).toEqual([{ id: 7 }]);
    const holders = "select count(*)::int as n from pg_stat_activity where application_name like 'latchkey-holder:%'";
    await until("two claims", async () => (await ask<{ n: number }>(comes.url, holders))[0]?.n === 2);
    await comes.end("SIGTERM");
    expect(await ask(stays.url, "select id from kept")).toEqual([{ id: 7 }]);
    await stays.leave();
    expect(await serverPid(data)).toBeUndefined();
  });

  it("comes back by itself when nobody new starts", async () => {
    const stays = await openCluster({ root });
    process.kill((await serverPid(data)) ?? 0, "SIGKILL");
    expect(await until("an answer", () => ask(stays.url, "select 1 as one"))).toEqual([{ one: 1 }]);
    await stays.leave();
  });

  it("P-03: loses no acknowledged row when everything is killed at once", async () => {
    const member = await joinFromProcess(root);
    await ask(member.url, "create table kept (id int)");
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await ask(member.url, "insert into kept values ($1)", [acknowledged + 1]);
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await until("some rows", async () => acknowledged > 20);
    process.kill((await serverPid(data)) ?? 0, "SIGKILL");
    await member.end("SIGKILL");
    await writing;
    const next = await openCluster({ root });
    const [found] = await ask<{ n: number }>(next.url, "select count(*)::int as n from kept");
    expect(found?.n).toBeGreaterThanOrEqual(acknowledged);
    await next.leave();
  });

  it("does not take a cluster for whole whose making was killed", async () => {
    const child = spawnMember(root);
    await until("a draft", async () => (await readdir(join(root, ".latchkey"))).some((name) => name.startsWith("postgres.new-")));
    child.kill("SIGKILL");
    expect(existsSync(data)).toBe(false);
    const next = await openCluster({ root });
    expect(await ask(next.url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await readdir(join(root, ".latchkey"))).filter((name) => name.includes("new-"))).toEqual([]);
    await next.leave();
  });
});
