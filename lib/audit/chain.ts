import { createHmac, createSecretKey } from "node:crypto";
import type { Anchor, Unsealed } from "@/db/event-chain";
import { env } from "@/lib/env";

/** How a chain is made with one key. */
export type Chain = {
  /** What stands at a place: made of the hash before it, the place, and the event with everything that it says. */
  link: (previous: string, seq: number, event: Unsealed) => string;
  /** Where a chain begins. */
  anchor: (about: Pick<Anchor, "seq" | "madeAt" | "reason">) => string;
  /** Tells keys apart, and nothing about them. */
  keyId: string;
};

export function chainWith(bytes: Buffer): Chain {
  const key = createSecretKey(bytes);
  const made = (...parts: (string | number)[]) => createHmac("sha256", key).update(parts.join("\n")).digest("hex");
  return {
    link: (previous, seq, { eventId, text }) => made("event", previous, seq, eventId, text ?? ""),
    anchor: ({ seq, madeAt, reason }) => made("anchor", seq, madeAt.getTime(), reason),
    keyId: made("key").slice(0, 12),
  };
}

export const ourChain = (): Chain => chainWith(env().LATCHKEY_AUDIT_KEY);
