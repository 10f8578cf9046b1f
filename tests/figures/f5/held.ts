import { setTimeout as sleep } from "node:timers/promises";
import type { Standing } from "@/tests/figures/standing-product";

const LONGEST_MS = 60_000;

/** Megabytes that the product cannot give back, told by tell-held.mjs in its process; null where it has ended, or hangs. */
export async function heldMb({ pid, lines, ended }: Standing): Promise<number | null> {
  const from = lines.length;
  if (ended() === null) process.kill(pid, "SIGUSR2");
  for (const until = performance.now() + LONGEST_MS; ended() === null && performance.now() < until; await sleep(20)) {
    const told = lines.slice(from).find((line) => line.startsWith("held: "));
    if (told) return Number(told.slice(6)) / 2 ** 20;
  }
  return null;
}
