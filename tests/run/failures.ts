import { readFileSync } from "node:fs";
import { z } from "zod";

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string().optional(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** What failed in Vitest's report, each in a line or two: a log that was cut at its beginning still says it. */
export function failuresOf(file: string, root: string): string[] {
  const read = report.safeParse(content(file));
  if (!read.success) return [];
  return read.data.testResults.flatMap(({ name, message, assertionResults }) => {
    const where = name.replace(`${root}/`, "");
    const failed = assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0) return message ? [`${where}: ${short(message)}`] : [];
    return failed.map(({ fullName = "", failureMessages }) => `${where}: ${fullName.trim()}\n    ${short(failureMessages?.[0] ?? "")}`);
  });
}

function content(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

const short = (message: string): string => (message.split("\n")[0] ?? "").slice(0, 300);
