import { mkdtempSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

/** One place of a source, as it stands there once, and what stands there instead. */
export type Change = { file: string; from: string; to: string };

/** A program of one file, made of the sources as they are but for these places; resolves to its path. */
export async function changedBundle(entry: string, changes: readonly Change[]): Promise<string> {
  const folder = mkdtempSync(resolve("node_modules/.figures-"));
  const made = new Set<Change>();
  await build({
    entryPoints: [entry],
    outfile: `${folder}/program.mjs`,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    conditions: ["react-server"],
    // As esbuild.config.mjs does, so that a program may also run under Node's usual conditions.
    alias: { "server-only": "./node_modules/server-only/empty.js" },
    logLevel: "error",
    plugins: [
      {
        name: "changes",
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            let contents = readFileSync(path, "utf8");
            for (const change of changes.filter(({ file }) => path === resolve(file))) {
              if (contents.split(change.from).length !== 2) throw new Error(`${change.file} has not once: ${change.from}`);
              contents = contents.replace(change.from, () => change.to);
              made.add(change);
            }
            return { contents, loader: "ts" };
          }),
      },
    ],
  });
  for (const change of changes) if (!made.has(change)) throw new Error(`${change.file} is no part of ${entry}`);
  return `${folder}/program.mjs`;
}
