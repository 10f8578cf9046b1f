import { closeDatabase, database, openDatabase } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { openIo } from "@/lib/connections/open-io";
import { renew } from "@/lib/connections/renew";
import { renewing } from "@/lib/jobs/renewing";

/** `seen`: the generation of the access that has just run out. */
export type Expiry = { event: number; connection: string; seen: number; callers: number };
export type Served = { event: number; served: number; answers: Record<string, number> };

const EVERY_MS = 150;
const LONGEST_MS = 100_000;
/** Who polls asks again for itself after so many looks. */
const PATIENCE = 6;

// One of several processes: renews in the background whatever is due, and calls on demand as often as it is told to.
const actor = JSON.parse(process.argv[2] ?? "{}") as UserActor;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let stopping = false;

// The product's own log lines are nobody's to read here.
process.stdout.write = (() => true) as typeof process.stdout.write;

/** As somebody who needs access: takes what is fresh, renews what is not, waits for who does. Resolves to what was answered on the way. */
async function call({ connection, seen }: Expiry, answers: Record<string, number>): Promise<boolean> {
  const until = performance.now() + LONGEST_MS;
  for (let look = 0, waitMs = 40; performance.now() < until; look += 1, waitMs = Math.min(waitMs * 1.6, 1_000)) {
    try {
      const row = await findConnection(database(), connection);
      if ((row?.generation ?? seen) > seen) return true;
      // Only its owner could help any more.
      if (row?.status !== "active") return false;
      if (look % PATIENCE === 0) {
        const { kind } = await renew(actor, connection, openIo, seen);
        answers[kind] = (answers[kind] ?? 0) + 1;
        if (kind === "renewed") continue;
      }
    } catch (error) {
      const name = `${(error as Error).name} ${(error as { code?: string }).code ?? ""}`.trim();
      answers[name] = (answers[name] ?? 0) + 1;
    }
    await pause(waitMs * (0.5 + Math.random()));
  }
  return false;
}

async function meet(expiry: Expiry): Promise<void> {
  const answers: Record<string, number> = {};
  const all = await Promise.all(Array.from({ length: expiry.callers }, () => call(expiry, answers)));
  process.send?.({ event: expiry.event, served: all.filter(Boolean).length, answers } satisfies Served);
}

async function work(): Promise<void> {
  while (!stopping) {
    await renewing.round({ open: openIo, stopping: () => stopping }).catch(() => undefined);
    await pause(EVERY_MS);
  }
}

await openDatabase({ migrate: false });
const working = work();
process.on("message", (message: Expiry | "stop") => {
  if (message !== "stop") return void meet(message);
  stopping = true;
  void working.then(closeDatabase).then(() => process.exit(0));
});
process.send?.("ready");
