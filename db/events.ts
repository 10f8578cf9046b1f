import type { Tx } from "./client";
import { events } from "./schema";

export type NewEvent = {
  /** What happened, as `<noun>.<past participle>`. */
  kind: string;
  actor: { kind: string; id: string; name: string };
  merchantId?: string | null;
  connectionId?: string | null;
  attemptId?: string | null;
  reason?: string | null;
  facts?: Record<string, string | number | boolean | null>;
};

/** Part of the change that it tells of, so it takes that change's transaction. */
export async function insertEvent(tx: Tx, { actor, ...event }: NewEvent): Promise<void> {
  await tx.insert(events).values({ ...event, actorKind: actor.kind, actorId: actor.id, actorName: actor.name });
}
