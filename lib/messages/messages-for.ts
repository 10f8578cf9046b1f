import type { Locale } from "@/lib/locale";
import arPlatforms from "@/lib/providers/messages/ar.json";
import enPlatforms from "@/lib/providers/messages/en.json";
import ar from "./ar.json";
import en from "./en.json";
import arErrors from "./errors.ar.json";
import enErrors from "./errors.en.json";

type Texts = { [key: string]: string | Texts };
type PlatformTexts = Record<string, Texts>;

// Platform texts are keyed by data (a platform's id), so only their shape is typed, not their keys.
export type Messages = typeof en & { errors: typeof enErrors; platforms: PlatformTexts };

const catalogues: Record<Locale, Messages> = {
  en: { ...en, errors: enErrors, platforms: enPlatforms.platforms },
  ar: { ...ar, errors: arErrors, platforms: arPlatforms.platforms },
};

export function messagesFor(locale: Locale): Messages {
  return catalogues[locale];
}
