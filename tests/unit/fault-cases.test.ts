import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allCases, gateCases, idsOfSource } from "@/tests/figures/f20/cases";

/** Not of the release gate, and tests all the same. */
const BEYOND = [
  "C-11",
  "C-13",
  "C-14",
  "X-22",
  "X-23",
  "R-19",
  "R-20",
  "R-21",
  "V-07",
  "V-08",
  "V-10",
  "T-03",
  "T-05",
  "W-04",
  "W-05",
  "P-07",
];
const WANTED = [...gateCases, ...BEYOND];

test("the ids that a title begins or ends with are read, and no others", () => {
  const source = `
    it("X-03/X-04: lost", () => {});
    test.each(all)(\`C-07: \${COPIES} copies\`, () => {});
    it("S-11, C-13: edited", run);
    it.each([
      ["V-01", 1],
    ])(
      "V-02 V-03 down",
      () => {},
    );
    it("renews (C-05)", () => {});
    it.skip("V-09: later", () => {});
    describe("V-04: all of it", () => {});
    it("is V-05 somewhere", () => {});
  `;
  expect(idsOfSource(source)).toEqual(["X-03", "X-04", "C-07", "S-11", "C-13", "V-02", "V-03", "C-05", "V-04"]);
});

test("every fault case is a test named by its id", () => {
  const files = readdirSync("tests", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const here = "unit/fault-cases.test.ts";
  const ids = files.filter((file) => file !== here).flatMap((file) => idsOfSource(readFileSync(join("tests", file), "utf8")));
  const counts = WANTED.map((id) => [id, ids.filter((one) => one === id).length] as const);
  process.stdout.write(`Fault cases by id, and how many tests carry each:\n${counts.map(([id, many]) => `${id} ${many}`).join(", ")}\n`);
  expect(counts.filter(([, many]) => many === 0)).toEqual([]);
  expect(gateCases).toHaveLength(68);
  expect(allCases).toHaveLength(90);
});
