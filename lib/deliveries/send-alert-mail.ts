import { findDestination, isAdminsAddress } from "@/db/alert-destinations";
import { database } from "@/db/client";
import type { Delivery } from "@/db/deliveries";
import { worker } from "@/lib/auth/actor";
import { isLocale } from "@/lib/locale";
import { alertMail } from "@/lib/mail/alert-mail";
import type { Outcome } from "./outcome";
import { sendMailMessage } from "./send-mail-message";

/** Mails a message to where its destination is now. */
export async function sendAlertMail(row: Delivery): Promise<Outcome> {
  const destination = row.destinationId ? await findDestination(database(), row.destinationId) : null;
  if (!destination) return { kind: "dropped", result: "removed" };
  if (destination.disabledAt) return { kind: "dropped", result: "switched_off" };
  // Nobody chose this address but its owner's role.
  if (destination.createdBy === worker.id && !(await isAdminsAddress(database(), destination.address)))
    return { kind: "dropped", result: "no_admin" };
  const locale = isLocale(destination.locale) ? destination.locale : "en";
  return sendMailMessage(alertMail({ to: destination.address, locale, kind: row.kind, facts: row.facts }));
}
