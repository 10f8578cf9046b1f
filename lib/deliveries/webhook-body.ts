import type { Delivery } from "@/db/deliveries";
import { isAlertKind } from "@/lib/alerts/alert-kinds";
import { alertPath } from "@/lib/alerts/alert-path";
import { env } from "@/lib/env";

/** What a webhook says: the same text at every try. */
export function webhookBody({ kind, alertId, facts, createdAt }: Delivery): string {
  const { about, offer, message: _message, ...known } = facts;
  const data = isAlertKind(about) ? { alert: alertId, kind: about, ...(offer ? { platform: offer } : {}), ...known } : {};
  const page = env().LATCHKEY_URL + (isAlertKind(about) ? alertPath(about, facts) : "/alerts");
  return JSON.stringify({ type: kind, timestamp: createdAt.toISOString(), data: { ...data, page } });
}

/** Stays the same however often a message is sent, and by whom: so a receiver knows it again. */
export function webhookId({ id, facts }: Delivery): string {
  return typeof facts.message === "string" ? facts.message : id;
}
