import type { Attempt } from "@/db/attempts";
import type { Tx } from "@/db/client";
import { spendLink as markSpent } from "@/db/connect-links";
import { insertEvent } from "@/db/events";
import { replaceAttemptsOf } from "@/db/starter-attempts";
import type { Starter } from "./starter";

/** A connection came of it: nothing else can, and what else was begun with it and not sent ends. */
export async function spendLink(tx: Tx, { actor, link }: Starter, attempt: Attempt, connectionId: string): Promise<void> {
  if (!link) return;
  await markSpent(tx, link.id, connectionId);
  const { merchantId } = attempt;
  for (const { id } of await replaceAttemptsOf(tx, link.id, attempt.id))
    await insertEvent(tx, { kind: "attempt.replaced", actor, merchantId, attemptId: id });
  const facts = { link: link.id, by: link.createdByName, byKind: link.createdByKind };
  await insertEvent(tx, { kind: "link.used", actor, merchantId, connectionId, attemptId: attempt.id, facts });
}
