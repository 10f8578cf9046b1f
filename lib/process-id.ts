import { newId } from "@/db/new-id";

const holder = globalThis as { latchkeyProcess?: string };

/** This process among all that ever were: its journal's name, and part of every lease under which something is spent. */
export function processId(): string {
  holder.latchkeyProcess ??= newId("run").slice("run_".length);
  return holder.latchkeyProcess;
}
