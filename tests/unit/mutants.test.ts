import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edited } from "@/tests/figures/copy";
import { projectOf } from "@/tests/figures/f8/mutant";
import { mutants } from "@/tests/figures/f8/mutants";

const root = join(import.meta.dirname, "../..");

/** What is wrong with a mutant, without running it. */
function fault({ edits, test: file }: (typeof mutants)[number]): string | null {
  if (!existsSync(join(root, file))) return `${file} is gone`;
  projectOf(file);
  const texts = new Map<string, string>();
  for (const edit of edits) {
    const [path] = edit;
    try {
      texts.set(path, edited(texts.get(path) ?? readFileSync(join(root, path), "utf8"), edit));
    } catch (error) {
      return (error as Error).message;
    }
  }
  return null;
}

test("F8: every mutant takes out a guard that stands in today's sources, once", () => {
  expect(mutants.map((mutant) => [mutant.id, fault(mutant)]).filter(([, wrong]) => wrong !== null)).toEqual([]);
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  expect(mutants.length).toBeGreaterThanOrEqual(40);
});

test("a place that is gone, or there twice, is no mutant", () => {
  expect(edited("if (no) throw", ["a.ts", "if (no) ", ""])).toBe("throw");
  expect(() => edited("a", ["a.ts", "b", ""])).toThrow("not exactly one place");
  expect(() => edited("b b", ["a.ts", "b", ""])).toThrow("not exactly one place");
});
