import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyBuild } from "@/tests/figures/build-copy";

/** A copy of the build in which nobody has ever heard of proxy.ts: its entry in the build's lists is gone. */
export function withoutProxy(): { folder: string; end: () => void } {
  const copy = copyBuild();
  const list = join(copy.folder, ".next/server/functions-config-manifest.json");
  const held = JSON.parse(readFileSync(list, "utf8")) as { functions: Record<string, unknown> };
  if (!("/_middleware" in held.functions)) throw new Error("The build does not name proxy.ts where it was looked for.");
  delete held.functions["/_middleware"];
  writeFileSync(list, JSON.stringify(held));
  rmSync(join(copy.folder, ".next/server/middleware.js"));
  return copy;
}
