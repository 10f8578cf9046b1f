import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const MAKE = {
  keys: () => `k1:${randomBytes(32).toString("base64")}`,
  "auth-secret": () => randomBytes(33).toString("base64"),
  "audit-key": () => randomBytes(32).toString("base64"),
};

const FOLDER = () => join(/* turbopackIgnore: true */ process.cwd(), ".latchkey");

/**
 * A secret beside the embedded database, in `.latchkey/` (mode 0600): read, or made once even by several processes at a time.
 * Null: the database is there and its keys are gone, and a new key would only hide that.
 */
export function localSecret(name: keyof typeof MAKE, folder: string = FOLDER()): string | null {
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

function draftOf(path: string, text: string): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true });
  return draft;
}

/** Puts another text in its place: whoever reads it finds the old one or the new one, whatever happens meanwhile. */
export function replaceLocalSecret(name: keyof typeof MAKE, text: string, folder: string = FOLDER()): void {
  const path = join(folder, name);
  renameSync(draftOf(path, text), path);
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
