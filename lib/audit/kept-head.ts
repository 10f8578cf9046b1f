import { readFileSync, rmSync } from "node:fs";
import type { Head } from "@/db/event-chain";
import { env } from "@/lib/env";
import { localFolder } from "@/lib/local-folder";
import { replaceFile } from "@/lib/replace-file";

/** Beside the embedded database; a database of somebody else's has no folder of ours beside it. */
const path = () => (env().DATABASE_URL ? null : localFolder("audit-head"));

export const headText = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** As `headText` wrote it; null: it is none. */
export function headOf(text: string): Head | null {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return seq !== undefined && hash !== undefined ? { seq: Number(seq), hash } : null;
}

/** What was last kept; null: nothing, or nothing that can be read. */
export function keptHead(): Head | null {
  const file = path();
  try {
    return file ? headOf(readFileSync(file, "utf8").split(/\s/)[0] ?? "") : null;
  } catch {
    return null;
  }
}

export function keptHeads(): Head[] {
  const kept = keptHead();
  return kept ? [kept] : [];
}

/** Keeps it where whoever can write to the database alone cannot. An older one of another process is as good: it must be in the chain too. */
export function keepHead(head: Head): void {
  const file = path();
  if (file) replaceFile(file, `${headText(head)} ${new Date().toISOString()}`);
}

/** For whoever knows why it is in the chain no more. */
export function dropKeptHead(): void {
  const file = path();
  if (file) rmSync(file, { force: true });
}
