import { database, transaction } from "@/db/client";
import { type Delivery, findDelivery, insertDeliveries } from "@/db/deliveries";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { deliver } from "@/lib/deliveries/deliver";
import { post as outsidePost, type Post } from "@/lib/deliveries/post";
import { destination } from "./destination";
import { shownAddress } from "./shown-address";

/** Sends a test at once, whether or not a worker is there. Resolves to how it stands after the first try. */
export async function sendTest(actor: Actor, destinationId: unknown, post: Post = outsidePost): Promise<Delivery["status"]> {
  authorize(actor, "alerts.manage");
  const id = await transaction(async (tx) => {
    const { id: known, kind, address, locale } = await destination(tx, destinationId);
    const key = `test:${crypto.randomUUID()}`;
    const [made = ""] = await insertDeliveries(tx, [
      { kind: "test", channel: kind, address: shownAddress(kind, address), locale, destinationId: known, key, facts: {} },
    ]);
    await insertEvent(tx, { kind: "alert.test_sent", actor, facts: { destination: known, delivery: made } });
    return made;
  });
  return tried(id, post);
}

export async function tried(id: string, post: Post): Promise<Delivery["status"]> {
  await deliver(id, post);
  return (await findDelivery(database(), id))?.status ?? "pending";
}
