import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { copySources } from "./copy";
import { mutants } from "./f8/mutants";
import { allCases, gateCases, idsOfSource, idsOfTitle } from "./f20/cases";
import type { Figure } from "./figure";
import { type Ran, runTests } from "./run-tests";

const ONCE = ["unit", "embedded cluster", "database embedded", "database embedded, handlers", "hostile input*", "fault cases"];
const EVERY_ROUTE = [...ONCE, "database external", "database external, handlers", "database neon", "database neon, handlers"];
const LONGEST_MS = 3_600_000;

/** Guards of the product that a case is about: without one of them that case must be red. */
const OF: Record<string, string> = { "no-doubt": "R-09", "other-account-taken": "C-10", "unsigned-notice": "W-01" };

type Case = { id: string; tests: number; passed: number; failed: string[]; seconds: number };

/** Files with a test of any of these cases. */
function filesOf(root: string, cases: readonly string[]): string[] {
  const files = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" }).filter((file) => /\.test\.ts$/.test(file));
  const wanted = new Set(cases);
  return files
    .map((file) => join("tests", file))
    .filter((file) => idsOfSource(readFileSync(join(root, file), "utf8")).some((id) => wanted.has(id)));
}

async function run(root: string, cases: readonly string[], projects: readonly string[]): Promise<Ran> {
  const chosen = projects.flatMap((name) => ["--project", name]);
  return runTests(root, [...chosen, ...filesOf(root, cases), "-t", `\\b(${cases.join("|")})\\b`], {
    longestMs: LONGEST_MS,
    atLength: true,
  });
}

/** What became of each case: green where it has a test, and all that it has passed. */
function judge(cases: readonly string[], { tests }: Ran): Case[] {
  return cases.map((id) => {
    const own = tests.filter(({ titles, status }) => status !== "skipped" && titles.some((title) => idsOfTitle(title).includes(id)));
    const failed = own.filter(({ status }) => status === "failed").map(({ name }) => name);
    return { id, tests: own.length, passed: own.length - failed.length, failed, seconds: own.reduce((sum, one) => sum + one.seconds, 0) };
  });
}

export const figure: Figure = {
  title: "Injected faults by their ids: each is a test of its own, and green",
  mutants: Object.fromEntries(Object.entries(OF).map(([id, of]) => [id, `${mutants.find((one) => one.id === id)?.does}: ${of}`])),
  gate: ["none"],
  night: ["none"],
  complete: true,
  measure: async ({ long, many, mutant, say }) => {
    const all = (long ? allCases : gateCases).slice(0, many ?? undefined);
    const copy = mutant === null ? null : copySources();
    try {
      copy?.change(mutants.find(({ id }) => id === mutant)?.edits ?? []);
      const cases = mutant === null ? all : [OF[mutant] ?? ""];
      const ran = await run(copy?.root ?? process.cwd(), cases, long ? EVERY_ROUTE : ONCE);
      const judged = judge(cases, ran);
      const red = judged.filter(({ tests, failed }) => tests === 0 || failed.length > 0);
      for (const { id, tests, failed, seconds } of judged) {
        const verdict = tests === 0 ? "RED, no test" : failed.length > 0 ? `RED, ${failed.join("; ")}` : "green";
        say(`  ${id}  ${verdict}  ${tests} tests  ${seconds.toFixed(1)} s`);
      }
      for (const file of ran.broken) say(`  ${file} could not be run`);
      return {
        n: judged.length,
        of: "cases",
        failures: red.length + ran.broken.length,
        line: `${judged.length - red.length} of ${judged.length} cases green, ${judged.reduce((sum, { tests }) => sum + tests, 0)} tests`,
        result: {
          cases: Object.fromEntries(
            judged.map(({ id, tests, failed, seconds }) => [
              id,
              { passed: red.every((one) => one.id !== id), tests, failed, seconds: Number(seconds.toFixed(1)) },
            ]),
          ),
        },
      };
    } finally {
      copy?.erase();
    }
  },
  notTested: ["cases in a browser: those of tests/e2e are run by npm test"],
};
