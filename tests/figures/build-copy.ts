import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The build that is here in a folder of its own, from which it can be started and where it may be changed. */
export function copyBuild(): { folder: string; end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-build-"));
  for (const name of [".next", "dist", "public"]) execFileSync("cp", ["-a", resolve(name), folder]);
  mkdirSync(join(folder, "tests/demo"), { recursive: true });
  cpSync("tests/demo/end-with-parent.mjs", join(folder, "tests/demo/end-with-parent.mjs"));
  for (const name of ["package.json", "next.config.mjs"]) cpSync(name, join(folder, name));
  cpSync("db/migrations", join(folder, "db/migrations"), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return { folder, end: () => rmSync(folder, { recursive: true }) };
}
