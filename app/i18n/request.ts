import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { localeOfLink } from "@/lib/links/look-at-link";
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
  const locale = asked ? localeOfTag(asked) : await visitorLocale(jar.get(localeCookie)?.value, await headers());
  return {
    locale: intlTag(locale),
    messages: messagesFor(locale),
    timeZone: shownTimeZone(jar.get(timesCookie)?.value, jar.get(timeZoneCookie)?.value),
    now: new Date(),
  };
});

/** Who comes by a connect link for the first time is addressed in the language that it was made for. */
async function visitorLocale(cookie: string | undefined, request: Headers) {
  const token = cookie === undefined ? /^\/link\/([\w-]+)$/.exec(request.get("x-latchkey-path") ?? "")?.[1] : undefined;
  // The page is written in some language without the database as well.
  const own = token && (await localeOfLink(token).catch(() => null));
  return negotiateLocale(own || cookie, request.get("accept-language"));
}
