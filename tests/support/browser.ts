import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

export type Browser = { path: string; version: string };

// First what has no windows to draw: pages cost it a third.
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "google-chrome-beta"];
const ELSEWHERE = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** Tried by running it: some systems have a chromium that only tells to install another package. */
function run(path: string): Browser | null {
  const tried = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  const version = tried.status === 0 ? tried.stdout.trim() : "";
  return /\d+\.\d+/.test(version) ? { path, version } : null;
}

/** The Chromium to test with: CHROMIUM_PATH, the system's, else Playwright's own; null where none runs. */
export function findBrowser(): Browser | null {
  const named = process.env.CHROMIUM_PATH;
  if (named) return run(named);
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder && !folder.includes("node_modules"));
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)), ...ELSEWHERE, chromium.executablePath()];
  for (const path of candidates) {
    const found = existsSync(path) && run(path);
    if (found) return found;
  }
  return null;
}

/** How Playwright starts it: neither as root nor in most containers is there a sandbox to be had, and no browser calls home from a test. */
export function launchOptions(path: string | undefined) {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-gpu"];
  return { executablePath: path, chromiumSandbox: false, args: quiet };
}
