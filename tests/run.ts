import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRun } from "./leaks/run-folder";
import { searchRun } from "./leaks/search-run";
import { readWishes, USAGE } from "./run/arguments";
import { browserOrAdvice } from "./run/browser-or-advice";
import { type Counts, countsOf, sum } from "./run/counts";
import { failuresOf } from "./run/failures";
import { program } from "./run/program";
import { judgeRoutesIn } from "./run/routes";
import { build, isBuilt } from "./support/production-build";

/** Where the tests' servers keep their files: nothing of them outlives the run, and in memory a commit costs no disk. */
const MEMORY = "/dev/shm";
const ENOUGH_BYTES = 4e9;

function stayInMemory(): void {
  if (process.env.TMPDIR || !existsSync(MEMORY)) return;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize >= ENOUGH_BYTES) process.env.TMPDIR = MEMORY;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const title = (text: string) => say(`\n── ${text} ${"─".repeat(Math.max(0, 76 - text.length))}\n`);

const failures: string[] = [];

async function run(): Promise<Counts[]> {
  const wishes = readWishes(process.argv.slice(2));
  if (wishes.help) {
    say(USAGE);
    process.exit(0);
  }
  // First of all: whoever has to install something should not wait for it.
  const browser = wishes.playwright ? await browserOrAdvice(say) : null;
  stayInMemory();
  const folder = mkdtempSync(join(tmpdir(), "latchkey-results-"));
  const results: Counts[] = [];
  let judged: ReturnType<typeof judgeRoutesIn> = null;
  openRun(folder);
  try {
    if (wishes.vitest) {
      title("Unit, contract, handler and database tests");
      const file = join(folder, "vitest.json");
      const routes = join(folder, "routes.json");
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`, "--reporter=./tests/run/route-reporter.ts"];
      const status = await program("vitest", ["run", ...reporters, ...wishes.vitest], { ROUTES_FILE: routes });
      results.push(countsOf("vitest", file, status));
      failures.push(...failuresOf(file, process.cwd()));
      judged = judgeRoutesIn(routes);
    }
    if (wishes.playwright && browser) {
      if (!isBuilt()) {
        title("Production build");
        await build({ onLine: say });
      }
      title(`In a browser (${browser.version})`);
      const file = join(folder, "playwright.json");
      const status = await program("playwright", ["test", `--project=${wishes.project}*`, ...wishes.playwright], {
        NODE_OPTIONS: "--conditions=react-server",
        CHROMIUM_PATH: browser.path,
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      });
      results.push(countsOf("playwright", file, status));
    }
    title("What all of that wrote");
    results.push(searchRun(folder, say));
    if (judged) {
      title("Each way to a database");
      say(judged.line);
      for (const name of judged.uneven) say(`  Not on every route alike: ${name}`);
      if (judged.uneven.length > 0) results.push({ passed: 0, failed: 1, skipped: 0 });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

try {
  const total = sum(await run());
  // Once more where a log is sure to have them: at its end. The browser's runner does so itself.
  for (const failure of failures) say(`\n  ✗ ${failure}`);
  say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed > 0 ? 1 : 0);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
