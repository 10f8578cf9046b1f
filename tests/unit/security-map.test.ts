import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testPaths } from "@/tests/support/platform-facts";

const WANTED = Array.from({ length: 115 }, (_, index) => `S-${String(index + 1).padStart(2, "0")}`);
/** How many requirements have each weight. */
const WEIGHTS = { C: 35, H: 62, M: 18 };
const OPEN = "open: ";

type Row = { id: string; weight: string; shown: string[] };

const readRows = (text: string): Row[] =>
  [...text.matchAll(/^\| (S-\d+) \| ([CHM]) \| [^|]+ \|(.*)\|$/gm)].map(([, id = "", weight = "", shown = ""]) => ({
    id,
    weight,
    shown: shown.trim().split("<br>").filter(Boolean),
  }));

const titles = new Map<string, Set<string>>();
/** A test's own title, or that of a group of tests. */
function titlesOf(file: string): Set<string> {
  const found = titles.get(file) ?? new Set(testPaths(readFileSync(file, "utf8")).flat());
  titles.set(file, found);
  return found;
}

function faults({ id, shown }: Row): string[] {
  if (shown.length === 0) return [`${id} is shown by nothing`];
  return shown.flatMap((one) => {
    if (one.startsWith(OPEN)) return one.length > OPEN.length + 20 ? [] : [`${id}: no reason`];
    const [file = "", ...title] = one.split(" › ");
    if (!/^tests\/[\w/-]+\.(test|spec)\.ts$/.test(file) || !existsSync(file)) return [`${id}: no file ${file}`];
    return titlesOf(file).has(title.join(" › ")) ? [] : [`${id}: no test ${title.join(" › ")} in ${file}`];
  });
}

describe("tests/security.md", () => {
  const rows = readRows(readFileSync("tests/security.md", "utf8"));

  it("has every requirement once, with its weight", () => {
    expect(rows.map(({ id }) => id)).toEqual(WANTED);
    for (const [weight, many] of Object.entries(WEIGHTS)) expect(rows.filter((row) => row.weight === weight)).toHaveLength(many);
  });

  it("names tests that exist, by their literal titles, or says what is open", () => expect(rows.flatMap(faults)).toEqual([]));

  it("bites: a test that is gone, a file that is gone, nothing at all, no reason", () => {
    const wrong = ["tests/unit/security-map.test.ts › no such test", "tests/nowhere.test.ts › bites", "", `${OPEN}later`];
    const read = readRows(wrong.map((shown, index) => `| S-0${index + 1} | C | a wall | ${shown} |`).join("\n"));
    expect(read.map((row) => faults(row).length)).toEqual([1, 1, 1, 1]);
  });
});
