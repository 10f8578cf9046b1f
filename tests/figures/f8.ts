import { type Copy, copySources } from "./copy";
import { type Mutant, projectOf } from "./f8/mutant";
import { mutants } from "./f8/mutants";
import { drawn, type Figure } from "./figure";
import { startTester, type Tester } from "./start-tester";
import type { Ask } from "./tester";

/** Copies of the sources, and so many mutants at once. */
const LANES = 2;
/** Of those that change nothing a few are enough: all of them must survive. */
const UNCHANGED = 6;

/** `by` null: no test turned red. */
type Judged = { mutant: Mutant; by: string | null; seconds: number };

/** A copy of the sources and the tests over it. */
type Lane = { copy: Copy; tester: Tester };

const askOf = ({ test, only, edits }: Mutant): Ask => ({
  project: projectOf(test),
  file: test,
  only,
  changed: edits.map(([file]) => file),
});

/** Only the test of that name, whose describes Vitest joins with blanks. */
const patternOf = (name: string) => `^${RegExp.escape(name.replaceAll(" > ", " "))}$`;

async function judge({ copy, tester }: Lane, mutant: Mutant, changed: boolean): Promise<Judged> {
  const began = performance.now();
  const undo = changed ? copy.change(mutant.edits) : () => undefined;
  const { failed, passed, broken } = await tester.ask(askOf(mutant)).finally(undo);
  // A file that cannot even be read shows that the mutant is none, not that a test sees it.
  if (broken || (failed === null && passed === 0)) throw new Error(`${mutant.id}: no test of ${mutant.test} was run.`);
  // A test that fails anyway would kill every mutant.
  const undone = failed === null ? null : await tester.ask({ ...askOf(mutant), only: patternOf(failed) });
  return { mutant, by: undone?.failed ? null : failed, seconds: (performance.now() - began) / 1000 };
}

export const figure: Figure = {
  title: "Guards taken out of the product one at a time, and the test that turns red for each",
  mutants: { "nothing-changed": "no guard is taken out, so that no test may turn red and every mutant survives" },
  gate: ["none"],
  night: ["none"],
  complete: true,
  measure: async ({ seed, many, mutant, say }) => {
    const changed = mutant === null;
    const shuffled = [...mutants].sort((a, b) => drawn(seed, a.id) - drawn(seed, b.id));
    const left = shuffled.slice(0, many ?? (changed ? shuffled.length : UNCHANGED));
    const lanes: Lane[] = [];
    const judged: Judged[] = [];
    try {
      for (let lane = 0; lane < LANES; lane += 1) {
        const copy = copySources();
        lanes.push({ copy, tester: await startTester(copy.root) });
      }
      const work = async (lane: Lane) => {
        for (let next = left.shift(); next; next = left.shift()) {
          const one = await judge(lane, next, changed);
          judged.push(one);
          say(`  ${one.by === null ? "SURVIVES" : "killed"} ${next.id} (${Math.round(one.seconds)} s): ${one.by ?? next.does}`);
        }
      };
      await Promise.all(lanes.map(work));
      const survivors = judged.filter(({ by }) => by === null).map((one) => one.mutant.id);
      return {
        n: judged.length,
        of: "mutants",
        failures: survivors.length,
        line: `${judged.length - survivors.length} of ${judged.length} mutants killed${survivors.length > 0 ? `; alive: ${survivors.join(", ")}` : ""}`,
        result: {
          killed: judged.length - survivors.length,
          survivors,
          mutants: judged
            .sort((a, b) => a.mutant.id.localeCompare(b.mutant.id))
            .map(({ mutant: { id, does, test }, by, seconds }) => ({ id, does, test, killedBy: by, seconds: Math.round(seconds) })),
        },
      };
    } finally {
      for (const { copy, tester } of lanes) {
        await tester.end();
        copy.erase();
      }
    }
  },
  notTested: ["guards that nobody thought of: the list is written by hand", "two guards missing at once, but where one covers the other"],
};
