import type { TraceLine } from "./f1/orders";
import type { Life } from "./f1/scene";
import { scene } from "./f1/scene";
import { type Figure, randomOf } from "./figure";

const GATE = 200;
const NIGHT = 1_000;
/** Milliseconds of work before a kill. */
const [SOONEST, LATEST] = [50, 1_500];
/** Processes that have come up and wait to be told: a round need not wait for one. */
const AHEAD = 3;

/** Where a kill met each piece of work that had begun. */
function hits(lines: readonly TraceLine[]): string[] {
  const last = new Map<string, string>();
  for (const { who, point = "", heard } of lines) last.set(who, heard === undefined ? point : "last byte read");
  return [...last.values()];
}

export const figure: Figure = {
  title: "kill -9 at random moments of connecting, renewing, revoking and of the recovery: issued secrets that are lost",
  mutants: {
    off: "no journal is kept: what was read and not committed dies with its process",
    unwritten: "the journal says that an answer is on the disk when it is not",
  },
  gate: ["embedded"],
  night: ["embedded", "external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const random = randomOf(seed);
    const { begin, bury, recover, count, end } = await scene(address, mutant, say);
    const rounds = many ?? (long ? NIGHT : GATE);
    const histogram: Record<string, number> = {};
    const waiting: Promise<Life>[] = [];
    let kills = 0;

    function next(): Promise<Life> {
      while (waiting.length < AHEAD) waiting.push(begin());
      return waiting.shift() ?? begin();
    }

    async function killed({ child, lines }: Life, ms: number): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await child.kill();
      kills += 1;
      for (const hit of hits(lines())) histogram[hit] = (histogram[hit] ?? 0) + 1;
      bury(lines());
    }

    try {
      for (let round = 1; round <= rounds; round += 1) {
        if (round % 3 === 0) {
          const recovering = await next();
          void recovering.child.settle();
          await killed(recovering, random() * 400);
        }
        const life = await next();
        await recover(life, `round ${round}`);
        life.child.work();
        await killed(life, SOONEST + random() * (LATEST - SOONEST));
        if (round % 20 === 0) say(`  ${round} rounds, ${count.heard} answers heard, ${count.lost} lost`);
      }
    } finally {
      for (const { child } of await Promise.all(waiting)) await child.kill();
      await end();
    }
    const failures = count.lost + count.silent + count.served + count.failed;
    const windows = {
      afterLastByte: (histogram["last byte read"] ?? 0) + (histogram["call.kept.after"] ?? 0) + (histogram["journal.write.before"] ?? 0),
      afterJournal: histogram["journal.write.after"] ?? 0,
      beforeCommit: (histogram["exchange.store.before"] ?? 0) + (histogram["renew.settle.before"] ?? 0),
    };
    return {
      n: rounds,
      of: "rounds",
      failures,
      line:
        `${kills} kills in ${rounds} rounds, ${count.heard} answers with a secret that is given once: ${count.lost} lost, ` +
        `${count.inWindow} cut off between their last byte and the journal, ${count.silent} connections broken in silence ` +
        `(${count.proved} proved after a restart), ${count.served} ended ones with secrets`,
      result: { kills, ...count, windows, hits: Object.fromEntries(Object.entries(histogram).sort(([, a], [, b]) => b - a)) },
    };
  },
  notTested: [
    "the loss of power (F16 counts what was flushed)",
    "the database's death at the same moment",
    "several product processes at a time (F3)",
  ],
};
