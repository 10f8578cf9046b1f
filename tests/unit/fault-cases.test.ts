import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const numbered = (letter: string, ...numbers: (number | [number, number])[]) =>
  numbers
    .flatMap((one) => (typeof one === "number" ? [one] : Array.from({ length: one[1] - one[0] + 1 }, (_, index) => one[0] + index)))
    .map((number) => `${letter}-${String(number).padStart(2, "0")}`);

/** The fault cases that must each be an automatic test named by its id. */
const WANTED = [
  ...numbered("C", [1, 14]),
  ...numbered("X", [1, 23]),
  ...numbered("R", [1, 22]),
  ...numbered("V", [1, 7], 9),
  ...numbered("W", [1, 5]),
];

/** A test's title where it stands: after `it(`, `test(` or the second pair of brackets of `.each(…)(`; none that is skipped. */
const TITLE = /(?:\b(?:it|test)(?:\.(?!skip|todo|fails)\w+)*|\))\(\s*(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g;
/** The ids that a title begins with, such as "X-03/X-04: …" or "C-02 C-14 …". */
const LEADING = /^[A-Z]{1,3}-?\d+(?:(?:\s*[/,]\s*|\s+)[A-Z]{1,3}-?\d+)*(?=[:\s])/;

function idsOf(source: string): string[] {
  return [...source.matchAll(TITLE)].flatMap(([, , title = ""]) => LEADING.exec(title)?.[0].match(/[A-Z]{1,3}-?\d+/g) ?? []);
}

test("a title's leading ids are read, and no others", () => {
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
    describe("V-04", () => {});
  `;
  expect(idsOf(source)).toEqual(["X-03", "X-04", "C-07", "S-11", "C-13", "V-02", "V-03"]);
});

test("every fault case is a test named by its id", () => {
  const files = readdirSync("tests", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const here = "unit/fault-cases.test.ts";
  const ids = files.filter((file) => file !== here).flatMap((file) => idsOf(readFileSync(join("tests", file), "utf8")));
  const counts = WANTED.map((id) => [id, ids.filter((one) => one === id).length] as const);
  process.stdout.write(`Fault cases by id, and how many tests carry each:\n${counts.map(([id, many]) => `${id} ${many}`).join(", ")}\n`);
  expect(counts.filter(([, many]) => many === 0)).toEqual([]);
  expect(WANTED).toHaveLength(72);
});
