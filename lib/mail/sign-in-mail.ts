import { createTranslator } from "next-intl";
import { env } from "@/lib/env";
import { intlTag, type Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { mailHtml, mailText } from "./mail-html";
import type { Mail } from "./send-mail";

export function signInMail(to: string, url: string, locale: Locale): Mail {
  const t = createTranslator({ locale: intlTag(locale), messages: messagesFor(locale), namespace: "mail.signIn" });
  const host = new URL(env().LATCHKEY_URL).host;
  const sections = [{ locale, lines: [t("text", { host }), t("life"), t("notYou")], link: { label: t("button"), url } }];
  const subject = t("subject", { host });
  return { to, subject, text: mailText(sections), html: mailHtml(subject, sections) };
}
