export const locales = ["en", "ar"] as const;
export type Locale = (typeof locales)[number];

export const localeCookie = "latchkey-locale";

export function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}

// The cookie wins; without one, the first of our languages in the browser's Accept-Language order.
export function negotiateLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const q = parameters.map((p) => p.trim()).find((p) => p.startsWith("q="));
      return { language: tag.split("-")[0], quality: q ? Number(q.slice(2)) : 1 };
    })
    .filter((wish) => wish.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map((wish) => wish.language).find(isLocale) ?? "en";
}

// What Intl is given. Arabic shows Latin digits and the Gregorian calendar everywhere; English dates read
// day before month, so that "9 Dec" and "9/12" cannot be taken for two different days.
export function intlTag(locale: Locale): string {
  return locale === "ar" ? "ar-u-ca-gregory-nu-latn" : "en-GB";
}

// The other way round: next-intl hands the Intl tag back from useLocale().
export function localeOfTag(tag: string): Locale {
  return tag.startsWith("ar") ? "ar" : "en";
}

export function directionOf(locale: Locale): "ltr" | "rtl" {
  return locale === "ar" ? "rtl" : "ltr";
}
