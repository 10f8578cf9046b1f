import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withLock } from "@/db/embedded/lock";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that listens where a lock would, as one does that holds it. */
async function foreignHolder(name: string) {
  const script = `require("node:net").createServer((s) => s.destroy()).listen(${JSON.stringify(join(folder, name))}, () => console.log("held"))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

it("lets one in at a time: no update of a file is lost", async () => {
  const path = join(folder, "count");
  await writeFile(path, "0");
  let inside = 0;
  await Promise.all(
    Array.from({ length: 12 }, () =>
      withLock(folder, 30_000, async () => {
        inside += 1;
        expect(inside).toBe(1);
        const count = Number(await readFile(path, "utf8"));
        await sleep(5);
        await writeFile(path, String(count + 1));
        inside -= 1;
      }),
    ),
  );
  expect(await readFile(path, "utf8")).toBe("12");
  expect(await readdir(folder)).toEqual(["count"]);
});

it("waits for a live holder, also for one that is stopped, and ends with its holder's kill -9", async () => {
  const child = await foreignHolder("lock-held");
  await expect(withLock(folder, 200, async () => "in")).rejects.toThrow("Another process");
  child.kill("SIGSTOP");
  await expect(withLock(folder, 200, async () => "in")).rejects.toThrow("Another process");
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(await withLock(folder, 200, async () => "in")).toBe("in");
});

it("sweeps away what the dead left behind, once it is old", async () => {
  const child = await foreignHolder("lock-dead");
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  await withLock(folder, 200, async () => undefined);
  expect(await readdir(folder)).toEqual(["lock-dead"]);
  const past = new Date(Date.now() - 120_000);
  await utimes(join(folder, "lock-dead"), past, past);
  await withLock(folder, 200, async () => undefined);
  expect(await readdir(folder)).toEqual([]);
});

it("gives the lock back when work fails", async () => {
  const failing = withLock(folder, 200, () => Promise.reject(new Error("work")));
  await expect(failing).rejects.toThrow("work");
  expect(await withLock(folder, 200, async () => "in")).toBe("in");
});
