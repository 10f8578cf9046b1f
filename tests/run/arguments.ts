import { parseArgs } from "node:util";

export const USAGE = `npm test                                          everything
npm test -- tests/unit/format.test.ts             one file, or several
npm test -- tests/e2e/connect.spec.ts             the same in a browser
npm test -- --grep "denied"                       only the tests whose name has these words`;

/** What to hand on to each of the two runners; null: that one is not wanted. */
export type Wishes = { help: boolean; vitest: string[] | null; playwright: string[] | null; project: "e2e" | "screenshots" };

/** Throws an Error that says what is wrong with the arguments. */
export function readWishes(from: readonly string[]): Wishes {
  const { values, positionals } = parseArgs({
    args: [...from],
    allowPositionals: true,
    options: { grep: { type: "string", short: "g" }, screenshots: { type: "boolean" }, help: { type: "boolean" } },
  });
  const help = values.help === true;
  if (values.screenshots) return { help, vitest: null, playwright: positionals, project: "screenshots" };
  const isBrowsers = (path: string) => path.includes("e2e") || path.includes(".spec.");
  const browsers = positionals.filter(isBrowsers);
  const others = positionals.filter((path) => !isBrowsers(path));
  const everything = positionals.length === 0;
  // With a filter either runner may be left without a test, which is no failure.
  const grep = (flag: string, none: string) => (values.grep === undefined ? [] : [flag, values.grep, none]);
  return {
    help,
    project: "e2e",
    vitest: everything || others.length > 0 ? [...others, ...grep("--testNamePattern", "--passWithNoTests")] : null,
    playwright: everything || browsers.length > 0 ? [...browsers, ...grep("--grep", "--pass-with-no-tests")] : null,
  };
}
