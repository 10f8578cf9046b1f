import { database } from "@/db/client";
import { ensureGate, freeGate, type GateRule, gateWaitS, takeGate, wantGate } from "@/db/gates";
import { newId } from "@/db/new-id";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import type { Pace } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { paceRule } from "./pace-rule";

/** Longer than any call, so that a gate held by a dead process opens by itself. */
const BUSY_S = 25;
const STEP_MS = 60;
/** How long a caller, behind whom somebody waits, waits for a turn. */
const CALLER_WAIT_MS = 5_000;

/** Who asks for a turn: a caller waits a few seconds; the background does not, and leaves half of a burst to callers. */
export type Patience = { background: boolean; waitMs?: number };

/**
 * Runs `work` when the platform's pace allows it, counted over all processes. Throws ProviderError "transient" `paced` with the seconds
 * until a turn may be free where none came; nothing was sent then.
 */
export async function turn<T>(name: string, pace: Pace, work: () => Promise<T>, patience: Patience = { background: false }): Promise<T> {
  const rule = ruleOf(name, pace, patience.background);
  await crossing("turn.ensure", () => ensureGate(database(), name, rule.capacity));
  const until = performance.now() + (patience.waitMs ?? (patience.background ? 0 : CALLER_WAIT_MS));
  for (let tries = 0; !(await crossing("turn.take", () => takeGate(database(), rule))); tries += 1) {
    // Calls that are passed through may take a minute each, one after the other: this comes before the next of them.
    if (tries === 0 && rule.owner) await crossing("turn.want", () => wantGate(database(), name));
    if (performance.now() + STEP_MS > until)
      throw new ProviderError("transient", "paced", { retryAfterS: await gateWaitS(database(), rule) });
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  try {
    return await work();
  } finally {
    // What the platform answered is not lost because the gate could not be given back: it opens by itself.
    const { owner } = rule;
    if (owner)
      await crossing("turn.free", () => freeGate(database(), name, owner)).catch((error: unknown) => log.error("gate_not_freed", error));
  }
}

/** What a platform's pace means for its gate. */
export function ruleOf(name: string, pace: Pace, background: boolean): GateRule {
  return {
    name,
    ...paceRule(pace),
    owner: pace.serial ? newId("turn") : null,
    busyS: BUSY_S,
    reserve: background && pace.burst > 0 ? Math.floor(pace.burst / 2) : 0,
  };
}
