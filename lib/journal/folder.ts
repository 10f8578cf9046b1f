import { accessSync, constants, mkdirSync } from "node:fs";
import { env } from "@/lib/env";
import { ConfigurationError } from "@/lib/errors";
import { localFolder } from "@/lib/local-folder";
import { log } from "@/lib/log";

/** What a disk that nobody may write to answers; anything else, a full one first of all, is no reason to go on without a journal. */
const NO_DISK: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM"]);

/** Where this installation's journals are, made where missing. Null: `off`, or nobody said where and nothing can be written there. */
export function journalFolder(): string | null {
  const { LATCHKEY_JOURNAL: wished } = env();
  if (wished === "off") return without("switched_off");
  const folder = wished ?? localFolder("journal");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    if (!NO_DISK.has(code)) throw error;
    if (wished !== undefined) throw new ConfigurationError([`LATCHKEY_JOURNAL names a folder that cannot be written to (${code}).`]);
    return without(code);
  }
}

/** What a platform answered is then kept by the database alone, and lost with a process that dies before it has written it. */
function without(cause: string): null {
  log.warn("journal_off", { cause });
  return null;
}
