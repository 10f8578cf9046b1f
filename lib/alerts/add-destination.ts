import { z } from "zod";
import { insertDestination, listDestinations, lockDestinations, newDestinationId } from "@/db/alert-destinations";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { emailAddress } from "@/lib/auth/email-address";
import { authorize } from "@/lib/auth/permissions";
import { newWebhookSecret } from "@/lib/deliveries/sign-webhook";
import { sealSecret } from "@/lib/deliveries/webhook-secrets";
import { AppError } from "@/lib/errors";
import { mayCall } from "@/lib/http";
import { locales } from "@/lib/locale";
import { parseInput } from "@/lib/people/parse-input";
import { setUsualRules } from "./make-defaults";
import { shownAddress } from "./shown-address";

const schema = z.strictObject({
  kind: z.enum(["email", "webhook"]),
  address: z.string().trim().max(2_000),
  locale: z.enum(locales),
});

/** Tells a new destination of everything from now on. `secret` signs a webhook's messages and is given out here and never again. */
export async function addDestination(actor: Actor, input: unknown): Promise<{ id: string; secret: string | null }> {
  authorize(actor, "alerts.manage");
  const { kind, locale, address: typed } = parseInput(schema, input);
  const address = kind === "email" ? emailAddress(typed) : mayCall(typed) ? new URL(typed).href : null;
  if (!address) throw new AppError(kind === "email" ? "email" : "url", 422);
  const id = newDestinationId();
  const secret = kind === "webhook" ? newWebhookSecret() : null;
  await transaction(async (tx) => {
    await lockDestinations(tx);
    const there = await listDestinations(tx);
    if (there.some((other) => other.kind === kind && other.address === address)) throw new AppError("already_there", 409);
    const sealed = secret === null ? {} : { secret: sealSecret(id, secret) };
    await insertDestination(tx, { id, kind, address, locale, createdBy: actor.id, ...sealed });
    await setUsualRules(tx, id);
    await insertEvent(tx, {
      kind: "alert.destination_added",
      actor,
      facts: { destination: id, channel: kind, to: shownAddress(kind, address) },
    });
  });
  return { id, secret };
}
