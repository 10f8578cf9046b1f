import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { intlTag, localeCookie, localeOfTag, negotiateLocale } from "@/lib/locale";
import { type Messages, messagesFor } from "@/lib/messages/messages-for";
import { shownTimeZone, timesCookie, timeZoneCookie } from "@/lib/time-zone";

declare module "next-intl" {
  interface AppConfig {
    Messages: Messages;
  }
}

// The locale that next-intl sees is the full Intl tag: with a bare "ar" a plural's number comes out in
// Arabic-Indic digits. Ask localeOfTag() for "en" or "ar".
export default getRequestConfig(async ({ locale: asked }) => {
  const jar = await cookies();
  const locale = asked ? localeOfTag(asked) : negotiateLocale(jar.get(localeCookie)?.value, (await headers()).get("accept-language"));
  return {
    locale: intlTag(locale),
    messages: messagesFor(locale),
    timeZone: shownTimeZone(jar.get(timesCookie)?.value, jar.get(timeZoneCookie)?.value),
    now: new Date(),
  };
});
