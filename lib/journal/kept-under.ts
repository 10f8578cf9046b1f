import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { journalFolder } from "./folder";
import { EXTENSION } from "./journal";
import { readSlots } from "./slots";

/** How many answers in this machine's journals only that key opens. */
export async function keptUnder(keyId: string): Promise<number> {
  const folder = journalFolder();
  if (folder === null) return 0;
  let kept = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(EXTENSION)) continue;
    // A process that ends takes its file away.
    const { filled } = await readSlots(join(folder, name)).catch(() => ({ filled: [] }));
    kept += filled.filter(({ text }) => text.split(".")[1] === keyId).length;
  }
  return kept;
}
