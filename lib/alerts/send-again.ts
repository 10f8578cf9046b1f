import { transaction } from "@/db/client";
import { type Delivery, findDelivery, insertDeliveries } from "@/db/deliveries";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { post as outsidePost, type Post } from "@/lib/deliveries/post";
import { webhookId } from "@/lib/deliveries/webhook-body";
import { AppError, notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { tried } from "./send-test";

/** Sends a message once more, as a line of its own in the log and to receivers under the id that they may know. */
export async function sendAgain(actor: Actor, deliveryId: unknown, post: Post = outsidePost): Promise<Delivery["status"]> {
  authorize(actor, "alerts.manage");
  const id = await transaction(async (tx) => {
    const before = typeof deliveryId === "string" && isId(deliveryId) ? await findDelivery(tx, deliveryId) : null;
    if (!before) throw notFound();
    if (before.status === "pending") throw new AppError("on_its_way", 409);
    const { kind, channel, address, locale, destinationId, alertId, merchantId, connectionId, userId } = before;
    const facts = { ...before.facts, message: webhookId(before) };
    const [made = ""] = await insertDeliveries(tx, [
      {
        kind,
        channel,
        address,
        locale,
        destinationId,
        alertId,
        merchantId,
        connectionId,
        userId,
        facts,
        key: `again:${crypto.randomUUID()}`,
      },
    ]);
    await insertEvent(tx, { kind: "alert.sent_again", actor, merchantId, connectionId, facts: { delivery: made, before: before.id } });
    return made;
  });
  return tried(id, post);
}
