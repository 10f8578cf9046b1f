import { readFileSync, readlinkSync } from "node:fs";

/** A process as its machine knows it; null where the machine does not say (it needs /proc). */
export type Owner = { boot: string; space: string; pid: number; started: string } | null;

/** The moment of its start, in ticks since the boot: a number that is taken again belongs to another process. */
function startOf(pid: number): string {
  // The name stands in brackets and may hold anything; what counts comes after it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
  return fields[19] ?? "";
}

export function thisOwner(): Owner {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { boot, space: readlinkSync("/proc/self/ns/pid"), pid: process.pid, started: startOf(process.pid) };
  } catch {
    return null;
  }
}

/** Whether a process has certainly ended. Of another machine, another container or another boot nothing is certain. */
export function hasEnded(owner: Owner): boolean {
  const here = thisOwner();
  if (owner === null || here === null || owner.boot !== here.boot || owner.space !== here.space) return false;
  try {
    return startOf(owner.pid) !== owner.started;
  } catch (error) {
    return ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}
