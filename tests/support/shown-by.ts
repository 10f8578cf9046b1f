import { existsSync, readFileSync } from "node:fs";
import { testPaths } from "./platform-facts";

/** A row of a document that says by which tests something is shown, as `<file> › <title>`, or in words why by none. */
type Row = { id: string; shown: string[] };

/** What a cell lists. */
export const listed = (cell: string): string[] => cell.trim().split("<br>").filter(Boolean);

const read = new Map<string, string[][]>();
function pathsOf(file: string): string[][] {
  const found = read.get(file) ?? testPaths(readFileSync(file, "utf8"));
  read.set(file, found);
  return found;
}

/**
 * What is wrong with a row, each as a phrase. `inWords`: what a reason begins with; `titled`: what of a test's groups and its own title
 * counts as its title.
 */
export function faultsOf({ id, shown }: Row, inWords: string, titled: (path: readonly string[]) => readonly string[]): string[] {
  if (shown.length === 0) return [`${id} is shown by nothing`];
  return shown.flatMap((one) => {
    if (one.startsWith(inWords)) return one.length > inWords.length + 20 ? [] : [`${id}: no reason`];
    const [file = "", ...parts] = one.split(" › ");
    const title = parts.join(" › ");
    if (!/^tests\/[\w/-]+\.(test|spec)\.ts$/.test(file) || !existsSync(file)) return [`${id}: no file ${file}`];
    return pathsOf(file).some((path) => titled(path).includes(title)) ? [] : [`${id}: no test ${title} in ${file}`];
  });
}
