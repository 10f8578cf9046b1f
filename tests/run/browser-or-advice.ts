import { spawnSync } from "node:child_process";
import { type Browser, findBrowser } from "@/tests/support/browser";

const APT = "apt-get update && (apt-get install -y chromium-headless-shell || apt-get install -y chromium)";
const OWN = "npx playwright install chromium";

/** The browser to test with, installed where that is possible. Throws an Error with the command to run where it is not. */
export async function browserOrAdvice(say: (text: string) => void): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  const found = findBrowser();
  if (found) return found;
  if (named) throw new Error(`CHROMIUM_PATH names ${named}, which does not run as a browser.`);
  const root = process.getuid?.() === 0;
  const hasApt = spawnSync("sh", ["-c", "command -v apt-get"]).status === 0;
  // The system's package brings the libraries that Playwright's own build lacks on a fresh machine.
  const ways = root && hasApt ? [APT, `${OWN} --with-deps`] : [OWN];
  for (const way of ways) {
    say(`No browser was found. Installing one: ${way}`);
    // What it complains about is of no use beside the advice that follows when it fails.
    spawnSync("sh", ["-c", way], { stdio: ["ignore", "inherit", "ignore"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    const installed = findBrowser();
    if (installed) return installed;
  }
  const advice = hasApt ? `${root ? "" : "sudo "}sh -c "${APT}"` : OWN;
  throw new Error(
    `The browser tests need Chromium or Chrome, and none could be installed. Run this, then npm test again:\n\n  ${advice}\n`,
  );
}
