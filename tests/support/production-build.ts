import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FOREIGN } from "@/tests/demo/product";
import { watchBuild } from "./watch-build";

const SOURCES = ["app", "components", "db", "lib", "public"];
const FILES = [
  "instrumentation.ts",
  "server.ts",
  "proxy.ts",
  "next.config.mjs",
  "compile-hints.mjs",
  "esbuild.config.mjs",
  "postcss.config.mjs",
];
const PACKAGES = ["package.json", "package-lock.json"];
const NOTE = ".next/built-from";

/** A fingerprint of everything that a build is made from. */
function fingerprint(): string {
  const hash = createHash("sha256").update(process.version);
  const files = SOURCES.flatMap((room) => readdirSync(room, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files, ...FILES, ...PACKAGES].sort())
    hash.update(`\0${file}\0`).update(existsSync(file) ? readFileSync(file) : "");
  return hash.digest("hex");
}

/** Whether the build that is here was made from the sources that are here. */
export function isBuilt(): boolean {
  const whole = existsSync(".next/BUILD_ID") && existsSync("dist/server.js");
  return whole && existsSync(NOTE) && readFileSync(NOTE, "utf8") === fingerprint();
}

type Options = { onLine: (line: string) => void; signal?: AbortSignal };

/**
 * Runs `npm run build` under watch. Rejects with what it said last when it fails, or when it did more than build; ends with all its
 * children when the signal comes.
 */
export async function build(options: Options): Promise<void> {
  const from = fingerprint();
  await watchBuild((settings) => run(settings, options));
  writeFileSync(NOTE, from);
}

async function run(settings: Record<string, string>, { onLine, signal }: Options): Promise<void> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const env = { ...inherited, ...settings, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" as const, NODE_OPTIONS: "" };
  const child = spawn("npm", ["run", "--silent", "build"], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => child.pid && process.kill(-child.pid, "SIGTERM");
  signal?.addEventListener("abort", end, { once: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000);
      for (const line of chunk.toString().split("\n")) if (line.trim()) onLine(line.trimEnd());
    });
  }
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.once("error", reject).once("close", (code, by) => resolve(by ?? code));
  });
  signal?.removeEventListener("abort", end);
  if (status !== 0) throw new Error(`The build failed (${status}).\n${said}`);
}
