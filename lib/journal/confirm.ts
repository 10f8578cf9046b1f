import { database } from "@/db/client";
import { uncommitted } from "@/db/journal-commits";
import { crashPoint } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { drop, type Journal, type Kept } from "./journal";
import type { Work } from "./work";

/** By which the database tells whether a piece of work was committed. */
export const markOf = (work: Work) =>
  work.kind === "renewal"
    ? { connection: work.connectionId, lease: work.leaseId, epoch: work.epoch, attempt: null }
    : { attempt: work.attemptId, connection: null, lease: null, epoch: null };

/** Reads back what was committed, and lets go of what the database has. As many as wait are asked about at once. */
export function confirmSoon(own: Journal): void {
  own.confirming ??= confirm(own)
    .catch((error: unknown) => log.error("journal_not_read_back", error))
    .finally(() => {
      own.confirming = null;
    });
}

async function confirm(own: Journal): Promise<void> {
  const waiting = () => [...own.kept.values()].filter(({ state }) => state === "committed");
  for (let some = waiting(); some.length > 0; some = waiting()) await readBack(own, some);
}

async function readBack(own: Journal, some: readonly Kept[]): Promise<void> {
  const missing = await uncommitted(
    database(),
    some.map(({ work }) => markOf(work)),
  );
  crashPoint("journal.read_back");
  for (const [index, kept] of some.entries()) {
    if (!missing.has(index)) await drop(own, kept);
    // Acknowledged and not there: a database that failed over to one that had not heard of it.
    else kept.state = "left";
  }
}
