import { database } from "@/db/client";
import { addWork, type Work } from "@/db/work";
import { metrics } from "@/lib/telemetry/metrics";

/** What this process has told of its work. Next bundles this module several times, and the work is one process's. */
const holder = globalThis as { latchkeyTold?: Work & { ended: number } };

const told = () => {
  holder.latchkeyTold ??= { rounds: 0, renewals: 0, ended: 0 };
  return holder.latchkeyTold;
};

/** A round of a job came to its end. */
export function countRound(): void {
  told().ended += 1;
}

/** Tells of what this process did since it last did so; what could not be told is told the next time. */
export async function noteWork(): Promise<void> {
  const { values } = await metrics().renewals.get();
  const renewals = values.reduce((sum, { labels, value }) => sum + (labels.outcome === "renewed" ? value : 0), 0);
  const last = told();
  const rounds = last.ended;
  await addWork(database(), { rounds: rounds - last.rounds, renewals: renewals - last.renewals });
  Object.assign(last, { rounds, renewals });
}
