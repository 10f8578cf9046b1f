import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPlace } from "@/db/embedded/place";

/** The postmaster and every process of it. */
export async function serverPids(root: string): Promise<number[]> {
  const { data } = await findPlace(root);
  const postmaster = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(postmaster)], { encoding: "utf8" }).split("\n");
  return [postmaster, ...children.map(Number).filter((pid) => pid > 0)];
}

/** All of them at once and without a word. */
export async function killServer(root: string): Promise<void> {
  for (const pid of await serverPids(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
