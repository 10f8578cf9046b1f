import { directionOf, type Locale } from "@/lib/locale";

const OTHER = { ltr: /[\u0590-\u08ff\ufb1d-\ufefc]/, rtl: /[A-Za-z\u00c0-\u024f]/ };

/** A name that reads the other way than the sentence around it, kept whole (UAX 9): a subject has no markup to do that. */
export function isolated(text: string, locale: Locale): string {
  return OTHER[directionOf(locale)].test(text) ? `\u2068${text}\u2069` : text;
}
