// Bundles what runs outside Next: the self-hosted server and the commands. Packages stay in node_modules.
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const commands = readdirSync("lib/commands").filter((file) => file.endsWith(".ts"));

await build({
  entryPoints: { server: "server.ts", ...Object.fromEntries(commands.map((file) => [file.replace(/\.ts$/, ""), `lib/commands/${file}`])) },
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  packages: "external",
  // Outside Next there is no client to keep these modules from.
  alias: { "server-only": "./node_modules/server-only/empty.js" },
  tsconfig: "tsconfig.json",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
});
