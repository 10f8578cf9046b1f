import { readFileSync } from "node:fs";
import { z } from "zod";

export type Counts = { passed: number; failed: number; skipped: number };

const reports = {
  vitest: z
    .object({
      numPassedTests: z.number(),
      numFailedTests: z.number(),
      numPendingTests: z.number(),
      numTodoTests: z.number(),
    })
    .transform((report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    })),
  playwright: z
    .object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }) })
    .transform(({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped })),
};

/** What a runner's report counts. A runner that failed without a failed test (a file that does not load, no report) counts as one. */
export function countsOf(runner: keyof typeof reports, file: string, status: number): Counts {
  const counts = read(runner, file) ?? { passed: 0, failed: 0, skipped: 0 };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function read(runner: keyof typeof reports, file: string): Counts | null {
  try {
    return reports[runner].parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

export function sum(all: readonly Counts[]): Counts {
  const add = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}
