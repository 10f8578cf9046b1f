import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What is found once in a file, and what stands there instead. */
export type Edit = readonly [file: string, find: string, put: string];

/** The sources as they are, in a folder of their own, where they may be changed. */
export type Copy = { root: string; change: (edits: readonly Edit[]) => () => void; erase: () => void };

/** The text with one place changed. Throws where the place is not there, or not once: then the edit says nothing any more. */
export function edited(text: string, [file, find, put]: Edit): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file} has not exactly one place with\n${find}`);
  return `${before}${put}${after}`;
}

export function copySources(from = process.cwd()): Copy {
  const root = mkdtempSync(join(tmpdir(), "latchkey-copy-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: from, encoding: "utf8" });
  for (const file of listed.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(from, file), join(root, file), { force: true, errorOnExist: false });
  }
  symlinkSync(join(from, "node_modules"), join(root, "node_modules"));
  return {
    root,
    change: (edits) => {
      const before = new Map<string, string>();
      const undo = () => {
        for (const [path, text] of before) writeFileSync(path, text);
      };
      try {
        for (const edit of edits) {
          const path = join(root, edit[0]);
          const text = readFileSync(path, "utf8");
          if (!before.has(path)) before.set(path, text);
          writeFileSync(path, edited(text, edit));
        }
      } catch (error) {
        undo();
        throw error;
      }
      return undo;
    },
    erase: () => rmSync(root, { recursive: true, force: true }),
  };
}
