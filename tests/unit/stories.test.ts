import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testPaths } from "@/tests/support/platform-facts";

const upTo = (letter: string, last: number) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
const WANTED = [...upTo("M", 25), ...upTo("S", 16), ...upTo("A", 18)];

/** What stands in place of a test: a sentence that says why none can show it. */
const IN_WORDS = "A machine cannot: ";

type Row = { id: string; story: string; shown: string[] };

const readRows = (text: string): Row[] =>
  [...text.matchAll(/^\| ([MSA]\d+) \| (.+?) \|(.*)\|$/gm)].map(([, id = "", story = "", shown = ""]) => ({
    id,
    story,
    shown: shown.trim().split("<br>").filter(Boolean),
  }));

const titles = new Map<string, Set<string>>();
function titlesOf(file: string): Set<string> {
  const found = titles.get(file) ?? new Set(testPaths(readFileSync(file, "utf8")).map((path) => path.at(-1) ?? ""));
  titles.set(file, found);
  return found;
}

/** What is wrong with a row, each as a phrase. */
function faults({ id, shown }: Row): string[] {
  if (shown.length === 0) return [`${id} is shown by nothing`];
  return shown.flatMap((one) => {
    if (one.startsWith(IN_WORDS)) return one.length > IN_WORDS.length + 20 ? [] : [`${id}: no reason`];
    const [file = "", ...title] = one.split(" › ");
    if (!/^tests\/[\w/-]+\.(test|spec)\.ts$/.test(file) || !existsSync(file)) return [`${id}: no file ${file}`];
    return titlesOf(file).has(title.join(" › ")) ? [] : [`${id}: no test ${title.join(" › ")} in ${file}`];
  });
}

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
