import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { messagesFor } from "@/lib/messages/messages-for";
import { unusedOf } from "@/tests/support/message-use";

const root = join(import.meta.dirname, "../..");
const ROOMS = ["app", "components"];

type Tree = { [key: string]: string | Tree };
const keysOf = (tree: Tree, prefix = ""): string[] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [prefix + key] : keysOf(value, `${prefix}${key}.`)));

describe("messages", () => {
  // A platform's texts are asked for by its id and the words that it answers, and the broken page reads its few by hand.
  const keys = keysOf(messagesFor("en")).filter((key) => !/^(platforms|broken|errors)\./.test(key));

  it("are all asked for somewhere", () => {
    expect(keys.length).toBeGreaterThan(400);
    expect(unusedOf(keys)).toEqual([]);
  });

  it.each(["connections.nobodyAsks", "connections.detail.nobodyAsks", "result.outcome.denied.nobodyAsks", "people.nobodyAsks"])(
    "%s would be missed",
    (key) => expect(unusedOf([key])).toEqual([key]),
  );
});

/** Words in markup that did not come from a catalogue; names of products stay as they are. */
const NAMES = /^(Latchkey)$/;
const ATTRIBUTE =
  /\b(aria-label|aria-description|aria-valuetext|title|placeholder|alt|label|caption|summary)=(?:"([^"]*\p{L}{2}[^"]*)"|\{\s*["'`]([^"'`$]*\p{L}{2}[^"'`$]*)["'`]\s*\})/gu;
const QUOTED = /(?<![=\w(,:?[&|+] ?)\{\s*(["'`])((?:(?!\1)[^\\$])*\p{L}{2}(?:(?!\1)[^\\$])*)\1\s*\}/gu;

/** What Biome's parser finds between tags, and what stands in attributes or between braces. */
function hardCoded(folder: string): string[] {
  const ran = spawnSync(
    join(root, "node_modules/.bin/biome"),
    ["lint", "--only=style/noJsxLiterals", "--reporter=github", "--max-diagnostics=none", ...ROOMS],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  const between = [...ran.stdout.matchAll(/file=([^,]+),line=(\d+),endLine=(\d+),col=(\d+),endColumn=(\d+)/g)].flatMap(
    ([, file = "", ...at]) => {
      const [line = 0, endLine = 0, col = 0, endCol = 0] = at.map(Number);
      const lines = readFileSync(resolve(folder, file), "utf8")
        .split("\n")
        .slice(line - 1, endLine);
      const last = lines.length - 1;
      const text = lines
        .map((one, index) => one.slice(index === 0 ? col - 1 : 0, index === last ? endCol - 1 : undefined))
        .join(" ")
        .trim();
      return /\p{L}{2}/u.test(text) && !NAMES.test(text) ? [`${relative(folder, resolve(folder, file))}:${line} ${text}`] : [];
    },
  );
  const quoted = globSync(`{${ROOMS}}/**/*.tsx`, { cwd: folder }).flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    const found = [...source.matchAll(ATTRIBUTE), ...source.matchAll(QUOTED)];
    return found.map(([text]) => `${file} ${text}`);
  });
  return [...between, ...quoted];
}

describe("words in markup", () => {
  it("come from the catalogues", () => expect(hardCoded(root)).toEqual([]));

  describe("that do not", () => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-words-"));
    const wrong = {
      text: "<p>Connect a store</p>",
      lines: "<p>\n  Connect\n  a store\n</p>",
      label: '<input aria-label="Store name" />',
      braces: '<p>{"Connect a store"}</p>',
      hint: '<input placeholder={"Store name"} />',
      picture: '<img src="/a.svg" alt="A shop" />',
    };
    const right = { dots: "<p>{a} · {b}</p>", nothing: '<img src="/a.svg" alt="" />', style: '<p className="text-muted">{t("title")}</p>' };
    let told: string[] = [];
    beforeAll(() => {
      for (const name of ["biome.json", ".gitignore"]) writeFileSync(join(folder, name), readFileSync(join(root, name)));
      for (const room of ROOMS) mkdirSync(join(folder, room));
      for (const [name, markup] of Object.entries({ ...wrong, ...right }))
        writeFileSync(join(folder, "app", `${name}.tsx`), `export const Part = () => (\n  ${markup}\n);\n`);
      told = hardCoded(folder);
      rmSync(folder, { recursive: true });
    });
    it.each(Object.keys(wrong))("are seen: %s", (name) => expect(told.some((line) => line.startsWith(`app/${name}.tsx`))).toBe(true));
    it.each(Object.keys(right))("and others are not: %s", (name) =>
      expect(told.some((line) => line.startsWith(`app/${name}.tsx`))).toBe(false),
    );
  });
});
