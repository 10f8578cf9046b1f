import { database } from "@/db/client";
import { claimDelivery, type Delivery, putOffDelivery, retryDelivery, settleDelivery } from "@/db/deliveries";
import { isOwnerMailKind, STORES_NEED_YOU } from "@/lib/alerts/owner-mail-kinds";
import { backoffS } from "@/lib/connections/next-refresh";
import { log } from "@/lib/log";
import type { Outcome } from "./outcome";
import { post as outsidePost, type Post } from "./post";
import { sendAlertMail } from "./send-alert-mail";
import { sendOwnerMail } from "./send-owner-mail";
import { sendRestoredMail } from "./send-restored-mail";
import { sendWebhook } from "./send-webhook";

/** Longer than any sending takes (20 s by HTTP, 60 s by SMTP). */
const LEASE_S = 90;

/**
 * Sends one message that is due, if nobody else is at it. A process that dies between sending and settling leaves a lease that runs out,
 * and the message is sent once more under the same id: at least once, and the receiver can tell. Resolves to whether it was its turn.
 */
export async function deliver(id: string, post: Post = outsidePost): Promise<boolean> {
  const row = await claimDelivery(database(), id, LEASE_S);
  if (!row) return false;
  const outcome = await send(row, post).catch((error: unknown): Outcome => {
    log.error("delivery_failed", error, { delivery: id, channel: row.channel });
    return { kind: "failed", result: "our_fault" };
  });
  await settle(row, outcome);
  log.info("delivery_tried", { delivery: id, kind: row.kind, channel: row.channel, outcome: outcome.kind, tries: row.tries });
  return true;
}

async function send(row: Delivery, post: Post): Promise<Outcome> {
  if (row.channel === "webhook") return sendWebhook(row, post);
  if (row.kind === STORES_NEED_YOU) return sendRestoredMail(row);
  return isOwnerMailKind(row.kind) ? sendOwnerMail(row, row.kind) : sendAlertMail(row);
}

async function settle(row: Delivery, outcome: Outcome): Promise<void> {
  if (outcome.kind === "later") return putOffDelivery(database(), row, outcome.inS);
  if (outcome.kind === "failed" && !outcome.final)
    return retryDelivery(database(), row, { result: outcome.result, inS: backoffS(row.tries - 1, outcome.retryAfterS) });
  return settleDelivery(database(), row, { status: outcome.kind, result: outcome.result });
}
