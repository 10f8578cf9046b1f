import { readFileSync } from "node:fs";

export type Action = { id: string; name: string; file: string; page: string };

type Manifest = { node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }> };

/** Every server action of the build that is here, with a page that knows it, as an address whose placeholders name nothing. */
export function readActions(build = ".next"): Action[] {
  const { node } = JSON.parse(readFileSync(`${build}/server/server-reference-manifest.json`, "utf8")) as Manifest;
  return Object.entries(node)
    .map(([id, { filename, exportedName, workers }]) => ({ id, name: exportedName, file: filename, page: addressOf(workers) }))
    .sort((a, b) => `${a.file} ${a.name}`.localeCompare(`${b.file} ${b.name}`));
}

function addressOf(workers: Record<string, unknown>): string {
  const [worker = ""] = Object.keys(workers).sort();
  const path = worker
    .replace(/^app/, "")
    .replace(/\/page$/, "")
    .replace(/\/\([^)]+\)/g, "");
  return path.replace(/\[[^\]]+\]/g, "none") || "/";
}
