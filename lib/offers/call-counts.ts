import { database } from "@/db/client";
import { addCalls, type Calls } from "@/db/offer-minutes";
import { noteSecretsUsed } from "@/db/offer-secrets";
import { log } from "@/lib/log";

type Counted = { calls: Map<string, Calls>; secrets: Set<string>; writtenAt: number };
// Next bundles this module several times, and what each of them counts is one process's.
const holder = globalThis as { latchkeyCalls?: Counted };

const nothing = (writtenAt: number): Counted => ({ calls: new Map(), secrets: new Set(), writtenAt });
const counted = (): Counted => {
  holder.latchkeyCalls ??= nothing(Number.NEGATIVE_INFINITY);
  return holder.latchkeyCalls;
};

/** One call to a platform. `secretId`: the client secret that went with it. */
export function noteCall(offer: string, failed: boolean, secretId: string | null): void {
  const { calls, secrets } = counted();
  const so = calls.get(offer) ?? { offer, calls: 0, failed: 0 };
  calls.set(offer, { offer, calls: so.calls + 1, failed: so.failed + (failed ? 1 : 0) });
  if (secretId !== null) secrets.add(secretId);
}

const EVERY_MS = 5_000;

/** Writes what this process has counted, not more often than every few seconds unless told to. What cannot be written is lost: it only tells. */
export async function writeCalls(everyMs = EVERY_MS): Promise<void> {
  const { calls, secrets, writtenAt } = counted();
  const now = performance.now();
  if (calls.size === 0 || now - writtenAt < everyMs) return;
  holder.latchkeyCalls = nothing(now);
  try {
    await addCalls(database(), [...calls.values()]);
    if (secrets.size > 0) await noteSecretsUsed(database(), [...secrets]);
  } catch (error) {
    log.error("calls_unwritten", error);
  }
}
