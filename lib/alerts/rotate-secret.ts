import { replaceSecret } from "@/db/alert-destinations";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { newWebhookSecret } from "@/lib/deliveries/sign-webhook";
import { sealPrevious, sealSecret } from "@/lib/deliveries/webhook-secrets";
import { notFound } from "@/lib/errors";
import { destination } from "./destination";

/** A webhook's new secret, given out here and never again. For a day both it and the one before sign. */
export async function rotateSecret(actor: Actor, id: unknown): Promise<string> {
  authorize(actor, "alerts.manage");
  const made = newWebhookSecret();
  await transaction(async (tx) => {
    const { id: known, kind, secret } = await destination(tx, id);
    if (kind !== "webhook") throw notFound();
    await replaceSecret(tx, known, sealSecret(known, made), secret && sealPrevious(known, secret));
    await insertEvent(tx, { kind: "alert.secret_rotated", actor, facts: { destination: known } });
  });
  return made;
}
