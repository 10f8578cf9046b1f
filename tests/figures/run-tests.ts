import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `titles`: its own, and those of what it stands in. */
export type Told = { file: string; name: string; titles: string[]; status: "passed" | "failed" | "skipped"; seconds: number };
/** `broken`: files that did not come so far that a test of theirs could pass or fail. */
export type Ran = { tests: Told[]; broken: string[]; seconds: number };

type Report = {
  testResults: {
    name: string;
    status: string;
    assertionResults: { title: string; ancestorTitles: string[]; fullName: string; status: string; duration?: number | null }[];
  }[];
};

const ENDS = ["SIGINT", "SIGTERM"] as const;

function watched(child: ChildProcess, longestMs: number): Promise<void> {
  const end = () => void child.kill("SIGTERM");
  const timer = setTimeout(end, longestMs);
  for (const signal of ENDS) process.once(signal, end);
  return new Promise((resolve) => {
    child.once("exit", () => {
      clearTimeout(timer);
      for (const signal of ENDS) process.off(signal, end);
      resolve();
    });
  });
}

type How = { longestMs?: number; output?: string; atLength?: boolean };

/** Runs Vitest over the sources in `root` and tells what each test came to; what it says goes to `output`. `atLength`: as often as tests know. */
export async function runTests(
  root: string,
  args: readonly string[],
  { longestMs = 600_000, output, atLength = false }: How = {},
): Promise<Ran> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "latchkey-told-"));
  const file = join(folder, "told.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const said = output === undefined ? ("ignore" as const) : openSync(output, "a");
  const child = spawn(
    process.execPath,
    [vitest, "run", "--reporter=json", `--outputFile=${file}`, "--reporter=default", "--silent=false", ...args],
    {
      cwd: root,
      stdio: ["ignore", said, said],
      env: {
        ...process.env,
        NODE_ENV: "test",
        LONG: atLength ? "1" : undefined,
        DATABASE_URL: undefined,
        LATCHKEY_KEYS: undefined,
        AUTH_SECRET: undefined,
      },
    },
  );
  await watched(child, longestMs);
  if (typeof said === "number") closeSync(said);
  const report: Report | null = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : null;
  rmSync(folder, { recursive: true, force: true });
  if (!report) throw new Error(`Vitest told nothing: ${args.join(" ")}`);
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(
      ({ title, ancestorTitles, fullName, status, duration }): Told => ({
        file: name.slice(root.length + 1),
        name: fullName,
        titles: [...ancestorTitles, title],
        status: status === "passed" || status === "failed" ? status : "skipped",
        seconds: (duration ?? 0) / 1000,
      }),
    ),
  );
  const broken = report.testResults
    .filter(({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"))
    .map(({ name }) => name.slice(root.length + 1));
  return { tests, broken, seconds: (performance.now() - began) / 1000 };
}
