import { createHash } from "node:crypto";

/** A row of tests/platforms.md. `tests` is empty where no test can show the fact; `words` then say why. */
export type Row = { id: string; fact: string; key: string; section: string; mark: string; tests: Shown[]; words: string };
type Shown = { file: string; path: string[]; part: string | null };
/** A line of a sheet that holds facts of its document. */
export type Line = { section: string; mark: string };

const ROW = /^\| `([a-z0-9-]+)` \| ([^|]+) \| (S\d) · ([^|·]+) · ([0-9a-f]{8}) \| ([^|]+) \|$/;

/** The rows, and the lines that look like one and are none. */
export function readRows(markdown: string): { rows: Row[]; stray: string[] } {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|") && !/^\| Fact \||^\|[-|]+\|$/.test(line));
  const rows = lines.flatMap((line): Row[] => {
    const [, id = "", fact = "", key = "", section = "", mark = "", shown = ""] = ROW.exec(line) ?? [];
    if (id === "") return [];
    const named = shown.startsWith("tests/");
    return [{ id, fact, key, section, mark, tests: named ? shown.split("<br>").map(readShown) : [], words: named ? "" : shown }];
  });
  return { rows, stray: lines.filter((line) => !ROW.test(line)) };
}

function readShown(text: string): Shown {
  const [, name = text, part = null] = /^(.*) ⟨(.*)⟩$/.exec(text) ?? [];
  const [file = "", ...path] = name.split(" › ");
  return { file, path, part };
}

const CALL = /(?:\b(?:describe|it|test)|\))\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g;

/** Every test of a source as its literal titles from the outermost `describe` on. Indentation tells what stands in what. */
export function testPaths(source: string): string[][] {
  const code = source.replace(/^\s*\/\/.*$/gm, (comment) => " ".repeat(comment.length));
  const open: { depth: number; title: string }[] = [];
  const found: string[][] = [];
  for (const call of code.matchAll(CALL)) {
    const line = code.slice(code.lastIndexOf("\n", call.index) + 1, call.index);
    const depth = line.length - line.trimStart().length;
    const title = (call[2] ?? "").replace(/\\(.)/g, "$1");
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
    open.push({ depth, title });
    found.push(open.map((one) => one.title));
  }
  return found;
}

const HEADING = /^(#+) (?:(\d+[a-z]?)\. )?(.*)$/;
const RULE_OF_TABLE = /^\|[-|: ]+\|$/;

/**
 * The lines of a sheet that mark a fact as the document's. Such a line says "seed" or cites the document's key, anywhere below the preamble
 * (which only explains the keys). A table's header that does so marks each of its rows instead of itself, and so does a line in brackets
 * right under a table. The heading above a marked line is one too, for headings name endpoints.
 */
export function factLines(sheet: string, key: string): Line[] {
  const lines = sheet.split("\n");
  const marks = new RegExp(`\\bseed\\b|\\b${key}\\b`, "i");
  const from = lines.findIndex((line) => line.startsWith("## "));
  const rowsFrom = (index: number, step: 1 | -1) => {
    const rows: number[] = [];
    for (let at = index; lines[at]?.startsWith("|") && !RULE_OF_TABLE.test(lines[at] ?? ""); at += step) rows.push(at);
    return rows;
  };
  const marked = new Set(
    lines.flatMap((line, index) => {
      if (index < from || line.startsWith("#") || !marks.test(line)) return [];
      if (line.startsWith("|") && RULE_OF_TABLE.test(lines[index + 1] ?? "")) return rowsFrom(index + 2, 1);
      return line.startsWith("(") && lines[index - 1]?.startsWith("|") ? rowsFrom(index - 1, -1) : [index];
    }),
  );

  const found: Line[] = [];
  let number = "";
  let heading: Line | null = null;
  lines.forEach((line, index) => {
    const [, level, own, title = ""] = HEADING.exec(line) ?? [];
    if (index >= from && level) {
      if (level === "##") number = own ?? "";
      const section = level === "##" ? number : (own ?? `${number} ${title.split(/ [—(]/)[0]}`);
      heading = { section, mark: markOf(line) };
    } else if (marked.has(index) && heading) {
      if (!found.includes(heading)) found.push(heading);
      found.push({ section: heading.section, mark: markOf(line) });
    }
  });
  return found;
}

function markOf(line: string): string {
  return createHash("sha256").update(line.trim()).digest("hex").slice(0, 8);
}
