import { database, transaction } from "@/db/client";
import { anyUnsealed } from "@/db/event-seals";
import { log } from "@/lib/log";
import { ChainBroken, sealBatch } from "./seal-batch";

const AT_ONCE = 2_000;
const SELDOM_MS = 60_000;
let lastTold = Number.NEGATIVE_INFINITY;

/**
 * Gives a place in the order to what was committed until now, so much at once. Resolves to whether more may wait. Where the chain is broken
 * everything waits, until somebody has looked at it: what has a place can be read as ever.
 */
export async function sealWaiting(atOnce = AT_ONCE): Promise<boolean> {
  if (!(await anyUnsealed(database()))) return false;
  try {
    return (await transaction((tx) => sealBatch(tx, atOnce))) === atOnce;
  } catch (error) {
    if (!(error instanceof ChainBroken)) throw error;
    if (performance.now() - lastTold > SELDOM_MS) log.error("audit_chain_broken", error, { why: error.message });
    lastTold = performance.now();
    return false;
  }
}
