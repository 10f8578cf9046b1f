import type { Locale } from "@/lib/locale";
import arPlatforms from "@/lib/providers/messages/ar.json";
import enPlatforms from "@/lib/providers/messages/en.json";
import ar from "./ar.json";
import arBroken from "./broken.ar.json";
import enBroken from "./broken.en.json";
import en from "./en.json";
import arErrors from "./errors.ar.json";
import enErrors from "./errors.en.json";

type Texts = { [key: string]: string | Texts };
type PlatformTexts = Record<string, Texts>;

// Platform texts are keyed by data (a platform's id), so only their shape is typed, not their keys.
export type Messages = typeof en & { errors: typeof enErrors; broken: typeof enBroken; platforms: PlatformTexts };

const catalogues: Record<Locale, Messages> = {
  en: { ...en, errors: enErrors, broken: enBroken, platforms: enPlatforms.platforms },
  ar: { ...ar, errors: arErrors, broken: arBroken, platforms: arPlatforms.platforms },
};

export function messagesFor(locale: Locale): Messages {
  return catalogues[locale];
}
