import { database } from "@/db/client";
import type { Delivery } from "@/db/deliveries";
import { restoredStores } from "@/db/restored-needs";
import { isLocale } from "@/lib/locale";
import { restoredMail } from "@/lib/mail/restored-mail";
import type { Outcome } from "./outcome";
import { sendMailMessage } from "./send-mail-message";

/** Mails a merchant's person which stores a restore has cost, those that still need somebody. */
export async function sendRestoredMail({ merchantId, userId, facts }: Delivery): Promise<Outcome> {
  const restore = String(facts.restore);
  const found = merchantId && userId ? await restoredStores(database(), { restore, merchantId, userId }) : null;
  if (!found || found.stores.length === 0) return { kind: "dropped", result: "not_needed" };
  if (!found.wanted) return { kind: "dropped", result: "not_wanted" };
  const { email, locale, stores, takenAt } = found;
  return sendMailMessage(restoredMail({ to: email, userId: String(userId), locale: isLocale(locale) ? locale : "en", stores, takenAt }));
}
