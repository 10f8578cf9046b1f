import { refuseEvents } from "@/db/events";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { checkChain } from "./check-chain";

/** What is told while changes are held: what Latchkey sees, whom it refused, and who looks at it. */
const TOLD = /^(alert\.(opened|closed)|access\.denied|person\.(signed_in|sign_in_refused))$/;

const holder = globalThis as { latchkeyChangesHeld?: boolean };

/** Whether this process changes nothing, because what the audit says of changes so far cannot be believed. */
export const changesHeld = (): boolean => holder.latchkeyChangesHeld === true;

/**
 * Looks at the end of the audit's chain before anything is changed. Where it is broken, this process serves what there is and changes nothing that
 * an event would tell of, makes no call to a platform, and mends nothing, until it is started anew. Resolves to whether changes are held.
 */
export async function holdWhereBroken(): Promise<boolean> {
  const fault = await checkChain();
  holder.latchkeyChangesHeld = fault !== null;
  refuseEvents(fault === null ? null : refuse);
  if (fault) {
    log.error("audit_chain_broken", null, { wrong: fault.wrong, seq: fault.seq });
    process.stderr.write(
      "The audit is not what was sealed: Latchkey changes nothing until somebody has looked at it. Run: npm run audit -- verify\n",
    );
  }
  return fault !== null;
}

/** Before something is begun that could not be told of at its end. Throws AppError `audit_broken`. */
export function assertChanging(): void {
  if (changesHeld()) throw new AppError("audit_broken", 503);
}

function refuse(kind: string): void {
  if (!TOLD.test(kind)) assertChanging();
}
