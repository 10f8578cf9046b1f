import { join } from "node:path";
import { createVitest, type TestModule } from "vitest/node";

/** One test file, of it what is called like `only`; `changed`: sources that are others than at the last run. */
export type Ask = { project: string; file: string; only?: string | undefined; changed: readonly string[] };
/** `broken`: it did not come so far that a test of it could pass or fail. */
export type Told = { failed: string | null; passed: number; broken: boolean };

// Vitest over the folder that this process was started in, for one file after the other: what is slow is done once.
process.stdout.write = (() => true) as typeof process.stdout.write;
const vitest = await createVitest(
  { root: process.cwd(), watch: false, isolate: true, bail: 1, reporters: [{}], maxWorkers: 1, fileParallelism: false },
  { server: { watch: null } },
);

function told(module: TestModule): Told {
  const tests = [...module.children.allTests()].map((test) => ({ name: test.fullName, state: test.result().state }));
  const failed = tests.find(({ state }) => state === "failed")?.name ?? null;
  return { failed, passed: tests.filter(({ state }) => state === "passed").length, broken: failed === null && module.state() === "failed" };
}

async function run({ project, file, only, changed }: Ask): Promise<Told> {
  for (const path of changed) vitest.invalidateFile(join(process.cwd(), path));
  if (only === undefined) vitest.resetGlobalTestNamePattern();
  else vitest.setGlobalTestNamePattern(only);
  const found = (await vitest.globTestSpecifications([file])).filter((one) => one.project.name === project);
  const { testModules } = await vitest.runTestSpecifications(found);
  // Those of the runs before are told again.
  const module = testModules.find(({ moduleId, project: { name } }) => moduleId === found[0]?.moduleId && name === project);
  return module ? told(module) : { failed: null, passed: 0, broken: true };
}

process.on("message", (ask: Ask | "stop") => {
  if (ask === "stop") void vitest.close().then(() => process.exit(0));
  else
    void run(ask).then(
      (answer) => process.send?.(answer),
      (error: unknown) => process.send?.({ error: (error as Error).stack }),
    );
});
process.send?.("ready");
