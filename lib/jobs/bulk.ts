import { followRevocations } from "@/db/bulk-items";
import { runningRuns, runsWithAsked } from "@/db/bulk-runs";
import { database } from "@/db/client";
import { TELLING_TRIES } from "@/lib/bulk/acts";
import { workRun } from "@/lib/bulk/work-run";
import { attended, type Job } from "./job";

/** Acts on many connections at once, as far as platforms allow it: whoever began one may leave. */
export const bulk: Job = {
  name: "bulk",
  everyS: 2,
  round: async (round) => {
    const running = await runningRuns(database());
    await Promise.all(running.map((run) => attended("bulk", () => workRun(run, round))));
    // A run that was stopped still learns what became of what it had begun.
    const known = new Set(running.map(({ id }) => id));
    for (const id of await runsWithAsked(database()))
      if (!known.has(id)) await attended("bulk", () => followRevocations(database(), id, TELLING_TRIES));
  },
};
