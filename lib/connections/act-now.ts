import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import { type OpenIo, openIo } from "./open-io";
import { ownConnection, type RenewResult, renew } from "./renew";
import { type TestResult, testConnection } from "./test-connection";
import { turnWait } from "./turn-wait";

export type ActResult = TestResult | RenewResult | { kind: "running" } | { kind: "throttled"; waitS: number };

/** A person looks at a button no longer than this. */
const LONGEST_MS = 8_000;

/**
 * Tests or renews for somebody who waits for it. Where the platform has no turn free, that is said at once and no turn is taken; what takes
 * longer than a person waits goes on by itself (`running`).
 */
export async function actNow(
  actor: UserActor | KeyActor,
  id: string,
  act: "test" | "renew",
  open: OpenIo = openIo,
  longestMs = LONGEST_MS,
): Promise<ActResult> {
  const row = await ownConnection(actor, id, `connection.${act}`);
  const wait = await turnWait(row, await readClock(database()));
  if (wait[act] > 0) return { kind: "throttled", waitS: wait[act] };
  const work = inFlight<ActResult>(act === "renew" ? renew(actor, id, open) : testConnection(actor, id, open));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ActResult>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "running" }), longestMs);
  });
  const result = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  // Nobody is left to be told, and the connection's own story tells it.
  if (result.kind === "running") work.catch((error: unknown) => log.error("act_failed", error, { connection: id, act }));
  return result;
}
