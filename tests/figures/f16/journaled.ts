import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readSlots } from "@/lib/journal/slots";

async function journaled(folder: string): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const file of existsSync(folder) ? readdirSync(folder) : [])
    for (const { text } of (await readSlots(join(folder, file))).filled) kept.add(createHash("sha256").update(text).digest("hex"));
  return kept;
}

export type Estate = { rows: string[]; entries: number; lostEntries: number };

/** What the dead were told that they had written; the next ones find neither list nor journal of theirs. */
export async function bury(journal: string, acknowledged: string): Promise<Estate> {
  const said = existsSync(acknowledged) ? readFileSync(acknowledged, "utf8").split("\n").filter(Boolean) : [];
  const of = (kind: string) => said.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  const [rows, entries, kept] = [of("row"), of("entry"), await journaled(journal)];
  rmSync(journal, { recursive: true, force: true });
  rmSync(acknowledged, { force: true });
  return { rows, entries: entries.length, lostEntries: entries.filter((one) => !kept.has(one)).length };
}
