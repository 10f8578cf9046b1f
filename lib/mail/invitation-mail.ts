import { createTranslator } from "next-intl";
import { env } from "@/lib/env";
import { intlTag, locales } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { mailHtml, mailText } from "./mail-html";
import type { Mail } from "./send-mail";

/** In every language, since the reader's is not known yet. The link carries no secret: the reader proves the address by signing in. */
export function invitationMail(invitation: { to: string; inviter: string; merchant: string | null; days: number }): Mail {
  const { to, inviter, merchant, days } = invitation;
  const { host, origin } = new URL(env().LATCHKEY_URL);
  const written = locales.map((locale) => {
    const t = createTranslator({ locale: intlTag(locale), messages: messagesFor(locale), namespace: "mail.invitation" });
    const lines = [
      merchant ? t("forMerchant", { inviter, merchant, host }) : t("forStaff", { inviter, host }),
      t("how", { email: to }),
      t("life", { days }),
    ];
    return { subject: t("subject", { host }), section: { locale, lines, link: { label: t("button"), url: `${origin}/sign-in` } } };
  });
  const sections = written.map(({ section }) => section);
  const subject = written[0]?.subject ?? host;
  return { to, subject, text: mailText(sections), html: mailHtml(subject, sections) };
}
