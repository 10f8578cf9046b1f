import type { Edit } from "@/tests/figures/copy";

export type Mutant = {
  id: string;
  /** What the product does then. */
  does: string;
  edits: readonly Edit[];
  /** The test file that must turn red. */
  test: string;
  /** Of that file only what is called so. */
  only?: string;
};

const PROJECTS = [
  [/^tests\/(unit|providers|judges)\//, "unit"],
  [/^tests\/(http|auth)\//, "database embedded, handlers"],
  [/^tests\/(api|db|connections|alerts)\//, "database embedded"],
  [/^tests\/hostile\//, "hostile input*"],
  [/^tests\/faults\//, "fault cases"],
] as const;

/** Where Vitest runs that file, once. */
export function projectOf(test: string): string {
  const found = PROJECTS.find(([place]) => place.test(test));
  if (!found) throw new Error(`${test} is in no project that the mutants know.`);
  return found[1];
}
