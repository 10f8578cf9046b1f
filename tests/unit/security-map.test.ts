import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultsOf, listed } from "@/tests/support/shown-by";

const WANTED = Array.from({ length: 115 }, (_, index) => `S-${String(index + 1).padStart(2, "0")}`);
/** How many requirements have each weight. */
const WEIGHTS = { C: 35, H: 62, M: 18 };
const OPEN = "open: ";

type Row = { id: string; weight: string; shown: string[] };

const readRows = (text: string): Row[] =>
  [...text.matchAll(/^\| (S-\d+) \| ([CHM]) \| [^|]+ \|(.*)\|$/gm)].map(([, id = "", weight = "", shown = ""]) => ({
    id,
    weight,
    shown: listed(shown),
  }));

const faults = (row: Row) => faultsOf(row, OPEN, (path) => path);

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
