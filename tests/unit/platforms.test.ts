import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { registry } from "@/lib/providers/registry";
import inventory from "@/tests/platform-facts.json";
import { factLines, type Line, type Row, readRows, testPaths } from "@/tests/support/platform-facts";

const root = join(import.meta.dirname, "../..");
const { rows, stray } = readRows(readFileSync(join(root, "tests/platforms.md"), "utf8"));
const sheets = process.env.PLATFORM_SHEETS;

/** The only facts that no test can show: each is a sentence in the table instead. */
const IN_WORDS = ["noon-authorize-sign-in"];

type Held = Record<string, { source: string; lines: Record<string, { section: string; facts: number }> }>;
const held: Held = inventory;
const platforms = Object.entries(held);

/** "mark: rows of facts" of each line whose rows are too few or too many, and of each row whose line is not in the inventory. */
function unequal(all: readonly Row[]): string[] {
  const lines = platforms.flatMap(([id, { source, lines }]) =>
    Object.entries(lines).map(([mark, line]) => ({ ...line, id, name: `${source} · ${line.section} · ${mark}` })),
  );
  const nameOf = (row: Row) => `${row.key} · ${row.section} · ${row.mark}`;
  const told = lines.flatMap(({ id, name, facts }) => {
    const own = all.filter((row) => nameOf(row) === name && row.id.startsWith(`${id}-`)).length;
    return own === facts ? [] : [`${name}: ${own} of ${facts}`];
  });
  const known = new Set(lines.map(({ name }) => name));
  return [...told, ...all.filter((row) => !known.has(nameOf(row))).map((row) => `${row.id}: ${nameOf(row)} is not in the inventory`)];
}

/** Rows that name a file, a test or a case that is not there. */
function unfounded(all: readonly Row[]): string[] {
  const read = new Map<string, { text: string; paths: Set<string> }>();
  return all.flatMap((row) =>
    row.tests.flatMap(({ file, path, part }) => {
      if (!/^tests\/[\w/-]+\.test\.ts$/.test(file) || !existsSync(join(root, file))) return [`${row.id}: no file ${file}`];
      const text = read.get(file)?.text ?? readFileSync(join(root, file), "utf8");
      const paths = read.get(file)?.paths ?? new Set(testPaths(text).map((one) => one.join(" › ")));
      read.set(file, { text, paths });
      if (path.length === 0 || !paths.has(path.join(" › "))) return [`${row.id}: no test ${path.join(" › ")} in ${file}`];
      return part === null || text.includes(part) ? [] : [`${row.id}: no case ${part} in ${file}`];
    }),
  );
}

describe("tests/platforms.md", () => {
  beforeAll(() => {
    const facts = platforms.map(([id]) => `${id} ${rows.filter((row) => row.id.startsWith(`${id}-`)).length}`);
    process.stdout.write(`Facts of the platforms with a row: ${rows.length} (${facts.join(", ")})\n`);
  });

  it("is read whole, and no fact has two names", () => {
    expect(stray).toEqual([]);
    // A line's number of facts was counted by people, so that lowering it together with its rows would pass everything else.
    expect(rows.length).toBeGreaterThanOrEqual(251);
    expect(rows.length - new Set(rows.map((row) => row.id)).size).toBe(0);
  });

  it("names tests that exist, by their literal titles", () => expect(unfounded(rows)).toEqual([]));

  it("has a test for every fact but those that no test can show", () => {
    const without = rows.filter((row) => row.tests.length === 0);
    expect(without.map((row) => row.id)).toEqual(IN_WORDS);
    for (const row of without) expect(row.words).toMatch(/^\w.{40,}/);
    expect(IN_WORDS.length).toBeLessThanOrEqual(5);
  });

  it("leaves out no platform of the product", () => expect(Object.keys(held).sort()).toEqual(Object.keys(registry).sort()));

  it("has all rows of every line of the inventory, and no others", () => expect(unequal(rows)).toEqual([]));

  it("bites: a row that is gone, a test that is gone, a case that is gone", () => {
    const [first, ...others] = rows as [Row, ...Row[]];
    expect(unequal(others)).toEqual([expect.stringContaining(first.mark)]);
    expect(unequal([...rows, { ...first, mark: "00000000" }])).toEqual([expect.stringContaining("00000000")]);
    const shown = {
      file: "tests/unit/platforms.test.ts",
      path: ["tests/platforms.md", "names tests that exist, by their literal titles"],
      part: null,
    };
    const asked = (change: Partial<typeof shown> | { part: string }) => unfounded([{ ...first, tests: [{ ...shown, ...change }] }]);
    expect(asked({})).toEqual([]);
    expect(asked({ path: shown.path.slice(1) })).toHaveLength(1);
    expect(asked({ path: [] })).toHaveLength(1);
    expect(asked({ file: "tests/unit/gone.test.ts" })).toHaveLength(1);
    expect(asked({ part: ["not", "written", "here"].join("-") })).toHaveLength(1);
  });
});

describe("a sheet", () => {
  const sheet = [
    "# Shop\n",
    "`conf` = seed or official; S7 = the document\n",
    "## 1. Endpoints",
    "official line",
    "line of the (seed)\n",
    "### 1a. Token — POST `/token`",
    "| field | conf |\n|---|---|\n| a | S7 |\n| b | official |\n",
    "### Names (two)",
    "| S7 | other |\n|---|---|\n| c | x |\n| d | y |\n",
    "## 2. Rest",
    "| e | x |\n|---|---|\n| f | y |\n(seed S7)",
    "seeds, S77",
  ].join("\n");
  const sections = (text: string) => factLines(text, "S7").map((line) => line.section);

  it("is read by the rule: lines that say so, rows of a table whose header or footer does, and their headings", () => {
    expect(sections(sheet)).toEqual(["1", "1", "1a", "1a", "1 Names", "1 Names", "1 Names", "2", "2"]);
  });

  it("changes with any marked line that is added or changed, and with no other", () => {
    const before = factLines(sheet, "S7");
    expect(factLines(`${sheet}\n(seed) one more`, "S7")).toHaveLength(before.length + 1);
    expect(factLines(sheet.replace("| a | S7 |", "| aa | S7 |"), "S7")).not.toEqual(before);
    expect(factLines(sheet.replace("official line", "official words"), "S7")).toEqual(before);
  });
});

// The sheets are no part of the repository: whoever has them sets the variable.
if (sheets !== undefined) {
  describe("the sheets in PLATFORM_SHEETS", () => {
    const inOrder = (lines: readonly Line[]) => lines.map(({ section, mark }) => `${section} · ${mark}`).sort();
    const read = (id: string) => readFileSync(join(sheets, `${id}.md`), "utf8");

    it.each(platforms)("%s holds the inventory's lines and no others", (id, { source, lines }) => {
      const found = factLines(read(id), source);
      expect(new Set(found.map(({ mark }) => mark)).size).toBe(found.length);
      expect(inOrder(found)).toEqual(inOrder(Object.entries(lines).map(([mark, { section }]) => ({ mark, section }))));
    });

    it.each(platforms)("%s: only a heading may hold no fact of its own", (id, { source, lines }) => {
      const headings = new Set(factLines(read(id).replace(/^(?!#).*$/gm, "seed"), source).map(({ mark }) => mark));
      const bare = Object.entries(lines).filter(([, { facts }]) => facts === 0);
      expect(bare.filter(([mark]) => !headings.has(mark))).toEqual([]);
    });
  });
}
