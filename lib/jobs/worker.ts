import { randomBytes } from "node:crypto";
import { database } from "@/db/client";
import { beat, clockSkewS, type WorkerKind } from "@/db/workers";
import { openIo } from "@/lib/connections/open-io";
import { countRound, noteWork } from "@/lib/health/note-work";
import { log } from "@/lib/log";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { noteClockSkew } from "@/lib/telemetry/metrics";
import { runJobs } from "./boss";
import type { Job } from "./job";
import { jobs } from "./jobs";

const RETRY_MS = 3_000;
const BEAT_MS = 10_000;
const MOST_SKEW_S = 30;

type Worker = { stopping: boolean; started: Promise<(() => Promise<void>) | null> };
const holder = globalThis as { latchkeyWorker?: Worker };

/** Rounds of these jobs until stopped, once per process however often it is called. A database that is down is waited for. */
export function startWorker(kind: WorkerKind, does: readonly Job[] = jobs): void {
  if (holder.latchkeyWorker) return;
  const worker: Worker = { stopping: false, started: Promise.resolve(null) };
  holder.latchkeyWorker = worker;
  worker.started = begin(worker, kind, does);
}

async function begin(worker: Worker, kind: WorkerKind, does: readonly Job[]): Promise<(() => Promise<void>) | null> {
  const round = { open: openIo, stopping: () => worker.stopping };
  const beating = withBeat(`${kind}_${randomBytes(8).toString("hex")}`, kind);
  while (!worker.stopping) {
    try {
      return await runJobs(does.map(beating), round);
    } catch (error) {
      log.error("worker_not_started", error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return null;
}

/** After a round that came to its end the process says so: where none does, nothing is heard of it. */
function withBeat(id: string, kind: WorkerKind): (job: Job) => Job {
  let last = Number.NEGATIVE_INFINITY;
  return (job) => ({
    ...job,
    round: async (round) => {
      await freshOffers();
      await job.round(round);
      countRound();
      if (performance.now() - last < BEAT_MS) return;
      last = performance.now();
      await beat(database(), id, kind);
      await noteWork();
      await tellSkew();
    },
  });
}

/** Nothing here is judged by this process's clock, but whoever reads its log beside another's should know. */
async function tellSkew(): Promise<void> {
  const seconds = Math.round(await clockSkewS(database()));
  noteClockSkew(seconds);
  if (Math.abs(seconds) > MOST_SKEW_S) log.warn("clock_skewed", { seconds });
}

/** Begins nothing new and waits for what is in hand. */
export async function stopWorker(): Promise<void> {
  const worker = holder.latchkeyWorker;
  if (!worker) return;
  worker.stopping = true;
  const end = await worker.started;
  await end?.();
  delete holder.latchkeyWorker;
}
