import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Counts } from "@/tests/run/counts";
import { LeakSearch } from "./leak-search";
import { keptSecrets } from "./run-folder";

/** Searches all that a run's processes and servers wrote for all secrets that they made (S-46); counts as one test. */
export function searchRun(root: string, say: (text: string) => void): Counts {
  const search = new LeakSearch({ secrets: keptSecrets(root) });
  search.folder("output", join(root, "output"));
  for (const name of readdirSync(join(root, "servers"))) search.folder(`${name} server`, join(root, "servers", name), { packed: false });
  say(search.summary());
  for (const line of search.told().slice(0, 40)) say(`  ${line}`);
  const failed = search.leaks.length > 0 ? 1 : 0;
  return { passed: 1 - failed, failed, skipped: 0 };
}
