import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ids } from "@/tests/figures/all";
import { BEGIN, between, END, type Kept, tableIn, tableOf } from "@/tests/figures/table";

const root = join(import.meta.dirname, "../..");
const about = { size: "gate", command: "npm run figures -- F2", date: "2026-11-30", commit: "abc1234", notTested: ["the sea"] } as const;
const run = { database: "external", n: 60, of: "rounds", failures: 0, bound95: "5.0 %", line: "60 rounds | 0 lost" };
const kept: Kept = { ...about, figure: "F2", title: "Rounds", runs: [run], notTested: ["the sea"] };

test("the README's figures are what the figures have written (`npm run figures -- --table`)", () => {
  expect(between(readFileSync(join(root, "README.md"), "utf8")).part).toBe(tableIn(join(root, "tests/figures")));
});

test("a figure is a row once each of its mutants was red, and none before", () => {
  const text = tableOf([kept, { ...kept, figure: "F1" }], [{ figure: "F2", killed: [{ failures: 3 }] }]);
  expect(text).toContain(
    "| **F2** | Rounds.<br>external: 60 rounds \\| 0 lost<br>1 of 1 mutants red | external: 60 rounds | external: 5.0 % |",
  );
  expect(text).toContain("- F2: the sea");
  expect(text).not.toContain("F1");
  expect(tableOf([kept], [{ figure: "F2", killed: [{ failures: 3 }, { failures: 0 }] }])).not.toContain("F2");
});

test("what is red says so, and the survivors of F8 are named", () => {
  const f8 = { ...kept, figure: "F8", runs: [{ ...run, failures: 1, bound95: null, result: { survivors: ["no-aad"] } }] };
  const text = tableOf([f8], [{ figure: "F8", killed: [{ failures: 1 }] }]);
  expect(text).toContain("**red**, 60 rounds");
  expect(text).toContain("Mutants of F8 that no test kills: no-aad.");
});

test("what stands between the markers is replaced whole, a conflict as well", () => {
  expect(between(`# Latchkey\n${BEGIN}\n<<<<<<< HEAD\nold\n${END}\nend`)).toEqual({
    before: "# Latchkey\n",
    part: "<<<<<<< HEAD\nold",
    after: "\nend",
  });
  expect(() => between("# Latchkey")).toThrow("markers");
});

test("a figure is known by its file", () => {
  expect(ids()).toEqual(expect.arrayContaining(["F3", "F15"]));
});
