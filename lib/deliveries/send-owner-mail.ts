import { database } from "@/db/client";
import type { Delivery } from "@/db/deliveries";
import { currentNeed } from "@/db/owner-needs";
import { readClock } from "@/db/read-clock";
import type { OwnerMailKind } from "@/lib/alerts/owner-mail-kinds";
import { isLocale } from "@/lib/locale";
import { ownerMail } from "@/lib/mail/owner-mail";
import type { Outcome } from "./outcome";
import { sendMailMessage } from "./send-mail-message";

/** Until its state is worked out anew, or a renewal on its way has come to its end. */
const DOUBT_S = 30;

/** Mails a merchant's person that a store needs them, if it still does and they still want to know. */
export async function sendOwnerMail(row: Delivery, kind: OwnerMailKind): Promise<Outcome> {
  const { connectionId, userId, facts } = row;
  const need = connectionId && userId ? await currentNeed(database(), kind, { connectionId, userId, since: String(facts.since) }) : null;
  if (!need?.stillNeeded) return { kind: "dropped", result: "not_needed" };
  if (!need.wanted) return { kind: "dropped", result: "not_wanted" };
  if (need.inDoubt) return { kind: "later", inS: DOUBT_S };
  const { connection, email } = need;
  const mail = ownerMail({
    to: email,
    userId: String(userId),
    locale: isLocale(need.locale) ? need.locale : "en",
    kind,
    connection,
    now: await readClock(database()),
  });
  return sendMailMessage(mail);
}
