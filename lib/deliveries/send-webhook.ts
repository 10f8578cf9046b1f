import { findDestination, setDestinationDisabled } from "@/db/alert-destinations";
import { database, transaction } from "@/db/client";
import type { Delivery } from "@/db/deliveries";
import { insertEvent } from "@/db/events";
import { readClock } from "@/db/read-clock";
import { worker } from "@/lib/auth/actor";
import { ProviderError } from "@/lib/providers/provider-error";
import { retryAfterS } from "@/lib/providers/wire/retry-after";
import type { Outcome } from "./outcome";
import type { Post } from "./post";
import { signWebhook } from "./sign-webhook";
import { webhookBody, webhookId } from "./webhook-body";
import { goodSecrets } from "./webhook-secrets";

const GONE = 410;

/** Posts a message, signed, to where its destination is now. Any 2xx is a receipt; 410 says that nobody wants more. */
export async function sendWebhook(row: Delivery, post: Post): Promise<Outcome> {
  const destination = row.destinationId ? await findDestination(database(), row.destinationId) : null;
  if (!destination) return { kind: "dropped", result: "removed" };
  if (destination.disabledAt) return { kind: "dropped", result: "switched_off" };
  const body = webhookBody(row);
  const secrets = goodSecrets(destination, await readClock(database()));
  const headers = { "content-type": "application/json", "user-agent": "Latchkey", ...signWebhook(webhookId(row), body, secrets) };
  try {
    const answer = await post(destination.address, { method: "POST", headers, body });
    if (answer.ok) return { kind: "delivered", result: String(answer.status) };
    if (answer.status === GONE) await switchOff(destination.id);
    return {
      kind: "failed",
      result: String(answer.status),
      final: answer.status === GONE,
      retryAfterS: retryAfterS(answer, new Date()),
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // An address that we do not call today will not be one tomorrow.
    return { kind: "failed", result: error.code, final: error.trouble === "operator" };
  }
}

async function switchOff(id: string): Promise<void> {
  await transaction(async (tx) => {
    if (!(await setDestinationDisabled(tx, id, true))) return;
    await insertEvent(tx, { kind: "alert.destination_disabled", actor: worker, facts: { destination: id, status: GONE } });
  });
}
