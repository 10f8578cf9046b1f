import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultsOf, listed } from "@/tests/support/shown-by";

const upTo = (letter: string, last: number) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
const WANTED = [...upTo("M", 25), ...upTo("S", 16), ...upTo("A", 18)];

/** What stands in place of a test: a sentence that says why none can show it. */
const IN_WORDS = "A machine cannot: ";

type Row = { id: string; story: string; shown: string[] };

const readRows = (text: string): Row[] =>
  [...text.matchAll(/^\| ([MSA]\d+) \| (.+?) \|(.*)\|$/gm)].map(([, id = "", story = "", shown = ""]) => ({
    id,
    story,
    shown: listed(shown),
  }));

const faults = (row: Row) => faultsOf(row, IN_WORDS, (path) => path.slice(-1));

describe("tests/e2e/stories.md", () => {
  const rows = readRows(readFileSync("tests/e2e/stories.md", "utf8"));

  it("has every story once", () => expect(rows.map(({ id }) => id)).toEqual(WANTED));

  it("names tests that exist, by their literal titles, or why there can be none", () => expect(rows.flatMap(faults)).toEqual([]));

  it("bites: a test that is gone, a file that is gone, nothing at all, no reason", () => {
    const wrong = ["tests/unit/stories.test.ts › no such test", "tests/nowhere.test.ts › bites", "", `${IN_WORDS}no`];
    const read = readRows(wrong.map((shown, index) => `| M${index + 1} | a story | ${shown} |`).join("\n"));
    expect(read.map((row) => faults(row).length)).toEqual([1, 1, 1, 1]);
  });
});
