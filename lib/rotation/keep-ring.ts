import { env } from "@/lib/env";
import { formatKeys, type Key } from "@/lib/key-ring";
import { replaceLocalSecret } from "@/lib/local-secret";
import type { Told } from "./told";

/**
 * The keys as they are to stand from now on: put into the file beside the embedded database where they are kept there, and else said,
 * because what sets a variable is the operator's.
 */
export function keepRing(keys: readonly Key[], says: string, next: string, folder?: string): Told {
  const line = formatKeys(keys);
  if (!env().keysAreLocal)
    return {
      ok: true,
      says: `${says}\n${next}\nSet this for every process, and start one after the other anew:`,
      line: `LATCHKEY_KEYS=${line}`,
    };
  replaceLocalSecret("keys", line, folder);
  return { ok: true, says: `${says}\nIt stands in .latchkey/keys: start every process anew.\n${next}` };
}
