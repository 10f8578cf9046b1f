import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { closeJournals } from "@/lib/journal/journal";
import { setEnv } from "@/tests/auth/set-env";

/** A folder for journals, this process's own among them, that is there for each test of the file and gone after it. */
export function useJournal() {
  const held = { folder: "" };
  beforeEach(() => {
    held.folder = mkdtempSync(join(tmpdir(), "latchkey-journal-"));
    setEnv({ LATCHKEY_JOURNAL: held.folder });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await closeJournals();
    setEnv({ LATCHKEY_JOURNAL: "off" });
    rmSync(held.folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return held.folder;
    },
    files: () => readdirSync(held.folder),
  };
}

/** From here on this process's writes to files fail: the disk has no room, or is broken. */
export async function breakWrites(code: "ENOSPC" | "EIO", which: (bytes: Uint8Array | string) => boolean = () => true) {
  const file = await open("/dev/null", "r+");
  const prototype = Object.getPrototypeOf(file) as { write: (...values: unknown[]) => Promise<unknown> };
  await file.close();
  const write = prototype.write;
  return vi.spyOn(prototype, "write").mockImplementation(function (this: unknown, ...values: unknown[]) {
    const fails = which(values[0] as string);
    return fails ? Promise.reject(Object.assign(new Error(code), { code })) : write.apply(this, values);
  });
}
