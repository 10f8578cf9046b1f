import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENCODINGS } from "@/tests/leaks/forms";
import { LeakSearch } from "@/tests/leaks/leak-search";
import { keptSecrets } from "@/tests/leaks/run-folder";
import { copySources, type Edit } from "./copy";
import { doesOf, type Figure } from "./figure";
import { runTests } from "./run-tests";

/** What makes and keeps secrets of every kind, on the embedded cluster; a night runs all that Vitest has. */
const PART = [
  "tests/connections/faults.test.ts",
  "tests/connections/life.test.ts",
  "tests/connections/links.test.ts",
  "tests/api/access.test.ts",
];
const LEAST_SECRETS = 50;

const SETTLE = "lib/connections/settle-renewal.ts";
const BEFORE = "const due = nextRefresh(provider.policy(grant.renewable), now, issued.expiresAt);";

const mutants: Record<string, { does: string; edits: readonly Edit[] }> = {
  "token-logged": {
    does: "one line of the log has what a platform issued",
    edits: [[SETTLE, BEFORE, `${BEFORE}\n  log.info("renewed", { was: issued.access });`]],
  },
  "column-in-the-clear": {
    does: "one column of the database holds what a platform issued as it is",
    edits: [[SETTLE, "const facts = { generation, ...changed };", "const facts = { generation, ...changed, was: issued.access };"]],
  },
};

/** Runs tests whose processes and servers leave what they wrote in `folder`. */
async function leave(folder: string, root: string, args: readonly string[]): Promise<number> {
  for (const name of ["output", "servers"]) mkdirSync(join(folder, name));
  process.env.RUN_FOLDER = folder;
  const { tests } = await runTests(root, args, { longestMs: 3_600_000, output: join(folder, "output", "vitest.log") });
  delete process.env.RUN_FOLDER;
  return tests.filter(({ status }) => status === "passed").length;
}

export const figure: Figure = {
  title: "All that a run of the tests wrote, searched for every secret that it made, in each encoding",
  mutants: doesOf(mutants),
  gate: ["none"],
  night: ["none"],
  complete: true,
  measure: async ({ long, mutant, say }) => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-figures-"));
    const copy = mutant === null ? null : copySources();
    try {
      copy?.change(mutants[mutant ?? ""]?.edits ?? []);
      const args = long ? [] : ["--project", "database embedded", ...PART];
      const passed = await leave(folder, copy?.root ?? process.cwd(), args);
      const secrets = new Map(keptSecrets(folder).map((secret) => [secret.value, secret]));
      const search = new LeakSearch({ secrets: secrets.values() });
      search.folder("output", join(folder, "output"));
      const servers = readdirSync(join(folder, "servers"));
      for (const name of servers) search.folder(`${name} server`, join(folder, "servers", name), { packed: false });
      for (const line of search.told().slice(0, 10)) say(`  ${line}`);
      // Nothing found where nothing was looked at shows nothing.
      const seen = servers.length > 0 && readFileSync(join(folder, "output", "vitest.log")).length > 0;
      if (!seen || passed === 0 || secrets.size < LEAST_SECRETS) throw new Error("The run left nothing that could be searched.");
      const megabytes = Math.round(
        ["output", ...servers.map((name) => `${name} server`)].reduce((sum, place) => sum + search.bytesIn(place), 0) / 1e6,
      );
      return {
        n: secrets.size,
        of: "secrets",
        failures: search.leaks.length,
        line: `${secrets.size} secrets in ${ENCODINGS.length} encodings over ${megabytes} MB that ${passed} tests left: ${search.leaks.length} found`,
        result: { secrets: secrets.size, encodings: ENCODINGS, megabytes, tests: passed, found: search.leaks.length },
      };
    } finally {
      copy?.erase();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  notTested: ["what a browser keeps and what pages hold: tests/e2e searches that with every npm test, in the same way"],
};
