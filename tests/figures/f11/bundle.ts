import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The command and the instances as they are bundled for use: a process that is to be killed within a second must be there within one. */
export async function bundled<T>(work: (folder: string) => Promise<T>): Promise<T> {
  // Beside the packages, which stay where they are.
  const folder = await mkdtemp(join(ROOT, "node_modules", ".latchkey-f11-"));
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: { keys: "lib/commands/keys.ts", process: "tests/figures/f11/process.ts" },
      outdir: folder,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node22",
      packages: "external",
      alias: { "server-only": "./node_modules/server-only/empty.js" },
      tsconfig: "tsconfig.json",
      outExtension: { ".js": ".mjs" },
    });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
