import { closeDatabase } from "@/db/client";
import { firstAdminLink } from "./auth/first-admin";
import { env } from "./env";
import { startFailure } from "./errors";
import { startWorker, stopWorker } from "./jobs/worker";
import { log } from "./log";
import { openLatchkey } from "./open-latchkey";

const holder = globalThis as { latchkeyStart?: Promise<void> };

/** Opens everything that a web process needs, once however often it is called. */
export function startLatchkey(): Promise<void> {
  holder.latchkeyStart ??= start();
  return holder.latchkeyStart;
}

async function start(): Promise<void> {
  await openLatchkey();
  const link = env().LATCHKEY_DEMO ? null : await firstAdminLink();
  if (link) process.stdout.write(`\nNobody can sign in yet. Open this once to become the first admin:\n  ${link}\n\n`);
  if (env().LATCHKEY_WORKER) startWorker();
  log.info("started", { worker: env().LATCHKEY_WORKER });
}

/** The same for a process that is of no use without it: says why in plain words, without a stack, and ends with 1. */
export async function startOrExit(): Promise<void> {
  try {
    await startLatchkey();
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    await closeDatabase().catch(() => undefined);
    process.exit(1);
  }
}

/** Lets the worker finish what it has in hand, then leaves the database. Safe to call without a start. */
export async function stopLatchkey(): Promise<void> {
  await stopWorker();
  await closeDatabase();
}
