import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const LONGEST_MS = 20_000;

const isTraced = (status: string) => Number(/^TracerPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0) > 0;

/** Every thread of it; a process that has ended meanwhile needs nobody who looks. */
function isWatched(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((task) => isTraced(readFileSync(`/proc/${pid}/task/${task}/status`, "utf8")));
  } catch {
    return !existsSync(`/proc/${pid}`);
  }
}

/** Flushes of files by these processes and those that they start, by the kernel's own count, while something is done. */
export async function flushesOf(pids: readonly number[], counts: string, work: () => Promise<void>): Promise<number> {
  const watched = pids.flatMap((pid) => ["-p", String(pid)]);
  const witness = spawn("strace", ["-f", "-c", "-e", "trace=fdatasync", "-o", counts, ...watched], { stdio: "ignore" });
  const ended = new Promise<void>((resolve, reject) => witness.once("error", reject).once("exit", () => resolve()));
  const began = performance.now();
  while (!pids.every(isWatched)) {
    if (performance.now() - began > LONGEST_MS) throw new Error("strace is needed, so that the kernel is the witness.");
    await Promise.race([pause(20), ended]);
  }
  await work();
  witness.kill("SIGINT");
  await ended;
  const line = readFileSync(counts, "utf8")
    .split("\n")
    .find((one) => one.trimEnd().endsWith("fdatasync"));
  rmSync(counts);
  return Number(line?.trim().split(/\s+/)[3] ?? 0);
}
