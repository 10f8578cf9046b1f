import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The build that is here in a folder of its own, in which nobody has ever heard of proxy.ts: its entry in the build's lists is gone. */
export function withoutProxy(): { folder: string; end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-f7-"));
  for (const name of [".next", "dist", "public"]) execFileSync("cp", ["-a", resolve(name), folder]);
  mkdirSync(join(folder, "tests/demo"), { recursive: true });
  cpSync("tests/demo/end-with-parent.mjs", join(folder, "tests/demo/end-with-parent.mjs"));
  for (const name of ["package.json", "next.config.mjs"]) cpSync(name, join(folder, name));
  cpSync("db/migrations", join(folder, "db/migrations"), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const list = join(folder, ".next/server/functions-config-manifest.json");
  const held = JSON.parse(readFileSync(list, "utf8")) as { functions: Record<string, unknown> };
  if (!("/_middleware" in held.functions)) throw new Error("The build does not name proxy.ts where it was looked for.");
  delete held.functions["/_middleware"];
  writeFileSync(list, JSON.stringify(held));
  rmSync(join(folder, ".next/server/middleware.js"));
  return { folder, end: () => rmSync(folder, { recursive: true }) };
}
