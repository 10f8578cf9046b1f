import { createTranslator } from "next-intl";
import { isAlertKind } from "@/lib/alerts/alert-kinds";
import { alertPath } from "@/lib/alerts/alert-path";
import { env } from "@/lib/env";
import { intlTag, type Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { alertTexts } from "./alert-texts";
import { mailHtml, mailText } from "./mail-html";
import type { Mail } from "./send-mail";

type Message = { to: string; locale: Locale; kind: string; facts: Record<string, string | number | boolean | null> };

/** To somebody who is named on the page of alerts; what is about no alert is a test. */
export function alertMail({ to, locale, kind, facts }: Message): Mail {
  const t = createTranslator({ locale: intlTag(locale), messages: messagesFor(locale), namespace: "mail.alert" });
  const { host, origin } = new URL(env().LATCHKEY_URL);
  const { subject, text } = alertTexts(kind, facts, locale) ?? { subject: t("test.subject", { host }), text: t("test.text", { host }) };
  const path = isAlertKind(facts.about) ? alertPath(facts.about, facts) : "/alerts";
  const sections = [{ locale, lines: [text, t("why", { host })], link: { label: t("button"), url: origin + path } }];
  return { to, subject, text: mailText(sections), html: mailHtml(subject, sections) };
}
