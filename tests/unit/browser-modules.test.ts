import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const directive = (path: string) => /^["'](use client|use server)["']/.exec(readFileSync(path, "utf8"))?.[1];
const clients = globSync("{app,components}/**/*.{ts,tsx}", { cwd: root }).filter((path) => directive(join(root, path)) === "use client");

/** What a browser may get of lib; whoever adds a module to it has looked at it. */
const OURS = /^(app|components)\/|^lib\/locale\.ts$|^lib\/messages\/broken\.\w+\.json$/;
const PACKAGES = /^(react|react-dom|next|lucide-react)($|\/)/;

/** Every module that is reached from those, as a bundler follows them; a server action is an address to a browser, and its module stays away. */
async function reached(entryPoints: string[], texts: Record<string, string> = {}): Promise<{ modules: string[]; packages: string[] }> {
  const packages = new Set<string>();
  const probes: Plugin = {
    name: "probes",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^([^.@]|@[^/])/ }, ({ path, kind }) => {
        if (kind === "entry-point") return undefined;
        packages.add(path);
        return { path, external: true };
      });
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const probe = texts[path.slice(root.length + 1)];
        if (probe !== undefined) return { contents: probe, loader: "tsx" };
        return directive(path) === "use server" ? { contents: "export {}", loader: "ts" } : undefined;
      });
    },
  };
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    write: false,
    metafile: true,
    outdir: "nowhere",
    format: "esm",
    jsx: "automatic",
    logLevel: "silent",
    loader: { ".css": "empty", ".woff2": "empty", ".svg": "empty" },
    plugins: [probes],
  });
  return { modules: Object.keys(metafile.inputs), packages: [...packages] };
}

describe("S-53 what goes to browsers", () => {
  let all: Awaited<ReturnType<typeof reached>>;
  beforeAll(async () => {
    all = await reached(clients);
  });

  it("is every component for browsers, and nothing that knows the database, a key or a platform", () => {
    expect(clients.length).toBeGreaterThan(10);
    expect(clients.filter((path) => !all.modules.includes(path))).toEqual([]);
    expect(all.modules.filter((path) => !OURS.test(path))).toEqual([]);
    expect(all.packages.filter((name) => !PACKAGES.test(name))).toEqual([]);
  });

  it.each([
    "@/lib/vault",
    "@/lib/env",
    "@/db/connections",
    "@/lib/providers/registry",
    "@/lib/connections/show",
    "@/lib/log",
    "node:crypto",
    "pg",
  ])("would be told to hold %s", async (wrong) => {
    const [entry = ""] = clients;
    const { modules, packages } = await reached([entry], {
      [entry]: `"use client";\nimport * as all from "${wrong}";\nexport default () => all;`,
    });
    expect([...modules.filter((path) => !OURS.test(path)), ...packages.filter((name) => !PACKAGES.test(name))]).not.toEqual([]);
  });
});
