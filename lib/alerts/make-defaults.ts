import { anyDestination, insertDestination, listAdmins, lockDestinations, newDestinationId } from "@/db/alert-destinations";
import { setRule } from "@/db/alert-rules";
import { database, type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { mailWay } from "@/lib/mail/send-mail";
import { DAY_MINUTES, everyKind, usualThreshold } from "./alert-kinds";

/**
 * Where nobody has ever been told of anything, every admin of that moment is, by e-mail and of everything. Once: what is removed later
 * leaves a row, and stays removed.
 */
export async function makeDefaults(): Promise<void> {
  if (!mailWay() || (await anyDestination(database()))) return;
  await transaction(async (tx) => {
    await lockDestinations(tx);
    const admins = await listAdmins(tx);
    if (admins.length === 0 || (await anyDestination(tx))) return;
    for (const { email, locale } of admins) {
      const id = newDestinationId();
      await insertDestination(tx, { id, kind: "email", address: email, locale: locale ?? "en", createdBy: worker.id });
      await setUsualRules(tx, id);
    }
    await insertEvent(tx, { kind: "alert.defaults_made", actor: worker, facts: { destinations: admins.length } });
  });
}

/** Everything, at the numbers that suit most. */
export async function setUsualRules(tx: Tx, destinationId: string): Promise<void> {
  for (const kind of everyKind)
    await setRule(tx, { kind, destinationId, threshold: usualThreshold(kind), windowMinutes: DAY_MINUTES, enabled: true });
}
