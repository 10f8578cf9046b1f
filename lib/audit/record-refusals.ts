import { database } from "@/db/client";
import { insertDenied } from "@/db/events";
import { hearRefusals, type Refusal } from "@/lib/auth/refusals";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";

/** What this process has told of in this minute: whoever asks a thousand times costs one statement. */
const told = { minute: 0, keys: new Set<string>() };

function isNew({ actor, operation }: Refusal): boolean {
  const minute = Math.floor(Date.now() / 60_000);
  if (told.minute !== minute) Object.assign(told, { minute, keys: new Set() });
  const key = `${actor.id} ${operation}`;
  if (told.keys.has(key)) return false;
  told.keys.add(key);
  return true;
}

/** From now on every refusal becomes an event, beside the refused work: nobody waits for it, and it fails alone. */
export function recordRefusals(): void {
  hearRefusals((refusal) => {
    if (isNew(refusal)) void inFlight(recordRefusal(refusal)).catch((error: unknown) => log.error("refusal_not_recorded", error));
  });
}

export async function recordRefusal({ actor, operation, object, status }: Refusal): Promise<void> {
  const connectionId = object?.id?.startsWith("con_") ? object.id : null;
  // A merchant that is yet to be made has no id.
  await insertDenied(database(), { actor, merchantId: object?.merchantId || null, connectionId, facts: { operation, status } });
}
