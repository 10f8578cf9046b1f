import { createTranslator } from "next-intl";
import { isAlertKind } from "@/lib/alerts/alert-kinds";
import { formatDate } from "@/lib/format";
import { intlTag, type Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { platformName } from "@/lib/offers/platform-name";
import { isolated } from "./isolated";

type Facts = Record<string, string | number | boolean | null>;

/** What a message about an alert says: a headline and a sentence or two. Null: it is about none. */
export function alertTexts(kind: string, facts: Facts, locale: Locale, now = new Date()): { subject: string; text: string } | null {
  const { about, offer, count, day, code, minutes, within, what, key: keyId } = facts;
  if (!isAlertKind(about)) return null;
  const t = createTranslator({ locale: intlTag(locale), messages: messagesFor(locale), namespace: "mail.alert" });
  const values = {
    platform: isolated(platformName(String(offer ?? ""), locale), locale),
    count: Number(count ?? 0),
    date: typeof day === "string" ? formatDate(new Date(`${day}T00:00:00Z`), { locale, timeZone: "UTC", now }) : "",
    code: isolated(String(code ?? ""), locale),
    key: isolated(String(keyId ?? ""), locale),
    minutes: Number(minutes ?? 0),
    within: String(within ?? "day"),
    what: String(what ?? "chain"),
  };
  const over = kind === "alert.closed" && (about === "incident" || about === "worker_silent");
  const key = over ? (`over.${about}` as const) : about;
  return { subject: t(`${key}.subject`, values), text: t(`${key}.text`, values) };
}
