import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eraseCluster } from "@/db/embedded";
import { bundle, start, type Writer } from "./f16/child";
import { flushesOf } from "./f16/flushes";
import { bury } from "./f16/journaled";
import { killServer, serverPids } from "./f16/server";
import { type Figure, randomOf } from "./figure";

const GATE = 20;
const NIGHT = 200;
/** Entries, and commits, that are written one after the other while every flush is counted. */
const COUNTED = 50;

export const figure: Figure = {
  title: "Writes that were acknowledged, through kill -9 of processes and of the database; a second start on the same cluster",
  mutants: {
    early: "a row is acknowledged before it is committed",
    lazy: "a commit does not wait for the disk",
    unflushed: "the journal does not wait for the disk",
  },
  gate: ["none"],
  night: ["none"],
  measure: async ({ seed, long, many, mutant, say }) => {
    const random = randomOf(seed);
    const rounds = many ?? (long ? NIGHT : GATE);
    const forget = await bundle();
    const root = mkdtempSync(join(tmpdir(), "latchkey-f16-"));
    chmodSync(root, 0o755); // As root, PostgreSQL's own user must get in.
    const [journal, acknowledged] = [join(root, "journal"), join(root, "acknowledged")];
    const ordered = { root, acknowledged, mutant };
    const count = { rows: 0, entries: 0, lostRows: 0, lostEntries: 0, serverKills: 0, stopped: 0, joined: 0, refused: 0, differing: 0 };

    /** The first one after all have died: whether it finds what they were told that they had written. */
    async function come(): Promise<{ writer: Writer; held: ReadonlySet<string> }> {
      const { rows, entries, lostEntries } = await bury(journal, acknowledged);
      const writer = await start(ordered);
      if (!writer) throw new Error("The cluster did not come up again.");
      const held = new Set(await writer.rows());
      count.rows += rows.length;
      count.lostRows += rows.filter((id) => !held.has(id)).length;
      count.entries += entries;
      count.lostEntries += lostEntries;
      return { writer, held };
    }

    /** A second one on the folder while the first one holds it, and every third time cannot move: it joins and sees the same, or is refused. */
    async function joinBeside(first: Writer, held: ReadonlySet<string>, stopped: boolean): Promise<Writer | null> {
      if (stopped) first.signal("SIGSTOP");
      const second = await start(ordered);
      const seen = second ? await second.rows() : [];
      if (stopped) first.signal("SIGCONT");
      count.stopped += stopped ? 1 : 0;
      count[second ? "joined" : "refused"] += 1;
      const after = await first.rows();
      const same = (rows: readonly string[]) => rows.length === held.size && rows.every((id) => held.has(id));
      if (!same(after) || (second && !same(seen))) count.differing += 1;
      return second;
    }

    try {
      for (let round = 1; round <= rounds; round += 1) {
        const { writer: first, held } = await come();
        const second = await joinBeside(first, held, round % 3 === 0);
        for (const one of [first, second]) one?.write();
        await pause(100 + random() * 900);
        // Every other time the database lives on without them.
        if (round % 2 === 0) {
          await killServer(root);
          count.serverKills += 1;
        }
        await Promise.all([first, second].map((one) => one?.kill()));
        if (round % 5 === 0) say(`  ${round} rounds: ${count.rows} rows and ${count.entries} entries acknowledged so far`);
      }
      const { writer } = await come();
      const counts = join(root, "flushes");
      const flushes = {
        journal: await flushesOf([writer.pid], counts, () => writer.keep(COUNTED)),
        database: await flushesOf(await serverPids(root), counts, () => writer.commit(COUNTED)),
      };
      await writer.kill();
      const missing = Math.max(0, COUNTED - flushes.journal) + Math.max(0, COUNTED - flushes.database);
      return {
        n: rounds,
        of: "rounds",
        failures: count.lostRows + count.lostEntries + count.differing + missing,
        line:
          `${count.rows} rows and ${count.entries} journal entries acknowledged, ${count.lostRows} and ${count.lostEntries} lost in ${rounds} rounds ` +
          `(${count.serverKills} with the database killed too); ${count.joined} second starts joined, ${count.stopped} of them beside a stopped holder, ` +
          `${count.refused} were refused, ${count.differing} saw other rows; ` +
          `for ${COUNTED} entries ${flushes.journal} flushes, for ${COUNTED} commits ${flushes.database}`,
        result: { ...count, flushes: { of: COUNTED, ...flushes } },
      };
    } finally {
      await pause(500);
      await eraseCluster({ root });
      forget();
      rmSync(root, { recursive: true, force: true });
    }
  },
  notTested: [
    "the loss of power itself: flushes are counted, and that what was flushed survives is the disk's word",
    "external servers, whose durability is theirs",
  ],
};
