import { closeDatabase, database } from "@/db/client";
import { probeIncidentsNow } from "@/db/incidents";
import { startWorkerWatch } from "./alerts/watch-worker";
import { holdWhereBroken } from "./audit/hold";
import { recordRefusals } from "./audit/record-refusals";
import { tellHead } from "./audit/tell-head";
import { firstAdminLink } from "./auth/first-admin";
import { startReplaying, stopReplaying } from "./connections/keep-replaying";
import { adoptPolicies } from "./connections/restate";
import { env } from "./env";
import { ConfigurationError, startFailure } from "./errors";
import { beginDraining } from "./health/draining";
import { settled } from "./in-flight";
import { delivering } from "./jobs/delivering";
import { watching } from "./jobs/watching";
import { startWorker, stopWorker } from "./jobs/worker";
import { journal } from "./journal/journal";
import { startFlushing, stopFlushing } from "./keys/hand-outs";
import { log } from "./log";
import { freshOffers } from "./offers/fresh-offers";
import { openLatchkey } from "./open-latchkey";
import { startTelling, stopTelling } from "./rotation/tell-ring";
import { startTracing, stopTracing } from "./telemetry/tracing";

/** A call to a platform takes 20 s at most; with more the drain would outlast what a supervisor waits for. */
const LONGEST_WORK_MS = 16_000;

const holder = globalThis as { latchkeyStart?: Promise<void> };

/** Opens everything that a process needs, once however often it is called. A `worker` works whatever LATCHKEY_WORKER says. */
export function startLatchkey(kind: "web" | "worker" = "web"): Promise<void> {
  holder.latchkeyStart ??= start(kind);
  return holder.latchkeyStart;
}

async function start(kind: "web" | "worker"): Promise<void> {
  await openLatchkey();
  await startTelling(kind);
  await startTracing();
  recordRefusals();
  const held = await holdWhereBroken();
  if (!held) await tellHead(0);
  const link = env().LATCHKEY_DEMO || held ? null : await firstAdminLink();
  if (link) process.stdout.write(`\nNobody can sign in yet. Open this once to become the first admin:\n  ${link}\n\n`);
  await freshOffers(0);
  await probeIncidentsNow(database());
  // A folder that was named and cannot be used is found here. A disk that is full now stops calls to platforms, and nothing else.
  await journal().catch((error: unknown) => {
    if (error instanceof ConfigurationError) throw error;
    log.error("journal_refused", error);
  });
  if (!held) startReplaying();
  // Nobody waits for it: where many states are in doubt, whoever looks works out what they need.
  void adoptPolicies().catch((error: unknown) => log.error("policies_not_adopted", error));
  const works = kind === "worker" || env().LATCHKEY_WORKER;
  // Of a broken audit people are told, and nothing else is done.
  if (works) startWorker(kind, held ? [watching, delivering] : undefined);
  startFlushing();
  // Also beside a worker of its own, which may hang.
  if (kind === "web") startWorkerWatch();
  log.info("started", { kind, worker: works, held });
}

/** The same for a process that is of no use without it: says why in plain words, without a stack, and ends with 1. */
export async function startOrExit(kind?: "web" | "worker"): Promise<void> {
  try {
    await startLatchkey(kind);
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    await closeDatabase().catch(() => undefined);
    process.exit(1);
  }
}

/** Lets everything that may hear a secret from a platform finish, then leaves the database. Safe to call without a start. */
export async function stopLatchkey(): Promise<void> {
  beginDraining();
  const worker = stopWorker();
  await settled(LONGEST_WORK_MS);
  const ends = Promise.all([worker, stopFlushing(), stopTelling(), stopReplaying()]);
  await Promise.race([ends, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  await Promise.all([stopTracing(), closeDatabase()]);
}
