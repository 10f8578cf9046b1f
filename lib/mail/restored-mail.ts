import { createTranslator } from "next-intl";
import type { RestoredStore } from "@/db/restored-needs";
import { env } from "@/lib/env";
import { formatDate } from "@/lib/format";
import { intlTag, type Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { platformName } from "@/lib/offers/platform-name";
import { isolated } from "./isolated";
import { mailHtml, mailText } from "./mail-html";
import type { Mail } from "./send-mail";
import { unsubscribeHeaders } from "./unsubscribe-headers";
import { unsubscribeToken } from "./unsubscribe-token";

/** More are counted: a mail is no list, and the page that it leads to is. */
const NAMED = 20;

type Message = { to: string; userId: string; locale: Locale; stores: readonly RestoredStore[]; takenAt: Date };

/** To a merchant's person, about all stores at once whose renewed access was lost with what came after a backup. */
export function restoredMail({ to, userId, locale, stores, takenAt }: Message): Mail {
  const messages = messagesFor(locale);
  const t = createTranslator({ locale: intlTag(locale), messages, namespace: "mail.restored" });
  const { origin } = new URL(env().LATCHKEY_URL);
  const named = stores.slice(0, NAMED).map(({ name, offer }) =>
    t("store", {
      store: isolated(name ?? messages.connections.unnamed, locale),
      platform: isolated(platformName(offer, locale), locale),
    }),
  );
  const rest = stores.length - named.length;
  const date = formatDate(takenAt, { locale, timeZone: "UTC", now: takenAt });
  const token = unsubscribeToken(userId, "store_needs_you");
  const section = {
    locale,
    lines: [t("why", { count: stores.length, date }), ...named, ...(rest > 0 ? [t("more", { count: rest })] : []), t("how")],
    link: { label: t("button"), url: `${origin}/connections` },
    foot: { label: t("stop"), url: `${origin}/settings/mail?token=${token}` },
  };
  const subject = t("subject", { count: stores.length });
  return { to, subject, text: mailText([section]), html: mailHtml(subject, [section]), headers: unsubscribeHeaders(origin, token) };
}
