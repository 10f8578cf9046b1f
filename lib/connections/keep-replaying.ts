import { closeJournals } from "@/lib/journal/journal";
import { log } from "@/lib/log";
import { replayJournals } from "./replay-journals";

/** Often enough to be done with what a dead process left before its doubt of two minutes is over. */
const EVERY_MS = 15_000;

const holder = globalThis as { latchkeyReplaying?: { timer: NodeJS.Timeout; round: Promise<void> | null } };

/** Every process with a journal does this for itself and for those that have ended, whether it does background work or not. */
export function startReplaying(): void {
  if (holder.latchkeyReplaying) return;
  const once = () => {
    const replaying = holder.latchkeyReplaying;
    if (!replaying || replaying.round) return;
    replaying.round = replayJournals()
      .catch((error: unknown) => log.error("journals_not_replayed", error))
      .finally(() => {
        replaying.round = null;
      });
  };
  holder.latchkeyReplaying = { timer: setInterval(once, EVERY_MS).unref(), round: null };
  once();
}

/** Ends with every commit read back that can be. */
export async function stopReplaying(): Promise<void> {
  const replaying = holder.latchkeyReplaying;
  delete holder.latchkeyReplaying;
  clearInterval(replaying?.timer);
  await replaying?.round;
  await closeJournals();
}
