import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { failuresOf } from "@/tests/run/failures";

const written = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-failures-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "report.json"), content);
  return join(folder, "report.json");
};

it("what failed is told by file, name and the first line of why; what passed is not", () => {
  const file = written(
    JSON.stringify({
      testResults: [
        {
          name: "/house/tests/unit/a.test.ts",
          assertionResults: [
            { fullName: "works", status: "passed", failureMessages: [] },
            { fullName: " breaks", status: "failed", failureMessages: ["AssertionError: 1 is not 2\n  at line 3"] },
          ],
        },
        { name: "/house/tests/unit/b.test.ts", message: "does not load\nat all", assertionResults: [] },
      ],
    }),
  );
  expect(failuresOf(file, "/house")).toEqual([
    "tests/unit/a.test.ts: breaks\n    AssertionError: 1 is not 2",
    "tests/unit/b.test.ts: does not load",
  ]);
});

it("without a report there is nothing to tell", () => {
  expect(failuresOf("/nowhere/report.json", "/house")).toEqual([]);
  expect(failuresOf(written("{"), "/house")).toEqual([]);
});
