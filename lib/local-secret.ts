import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "./local-folder";
import { draftOf, replaceFile } from "./replace-file";

const MAKE = {
  keys: () => `k1:${randomBytes(32).toString("base64")}`,
  "auth-secret": () => randomBytes(33).toString("base64"),
  "audit-key": () => randomBytes(32).toString("base64"),
};

/**
 * A secret beside the embedded database, in `.latchkey/` (mode 0600): read, or made once even by several processes at a time.
 * Null: the database is there and its keys are gone, and a new key would only hide that.
 */
export function localSecret(name: keyof typeof MAKE, folder: string = localFolder()): string | null {
  const path = join(folder, name);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  if (name === "keys" && ["postgres", "location"].some((sign) => existsSync(join(folder, sign)))) return null;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const draft = draftOf(path, MAKE[name]());
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, "utf8").trim();
}

/** Puts another one in its place. */
export function replaceLocalSecret(name: keyof typeof MAKE, text: string, folder: string = localFolder()): void {
  replaceFile(join(folder, name), text);
}
