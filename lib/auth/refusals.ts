import type { Actor, SystemActor } from "./actor";
import type { Operation } from "./permissions";

/** What somebody who is known tried and may not. */
export type Refusal = {
  actor: Exclude<Actor, SystemActor>;
  operation: Operation;
  object?: { merchantId: string; id?: string };
  status: 403 | 404;
};

// Next bundles this module several times, and who listens began in one of them.
const holder = globalThis as { latchkeyRefused?: (refusal: Refusal) => void };

/** From now on `listener` hears of every refusal. It is told beside the refusal, which waits for nobody. */
export function hearRefusals(listener: (refusal: Refusal) => void): void {
  holder.latchkeyRefused = listener;
}

export const refused = (refusal: Refusal): void => holder.latchkeyRefused?.(refusal);
