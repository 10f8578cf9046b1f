import type { Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { offers } from "./offers";

/** What people call the platform of an offer, also when that is not configured any more. */
export function platformName(slug: string, locale: Locale): string {
  const offer = offers().find((candidate) => candidate.slug === slug);
  const named = messagesFor(locale).platforms[offer?.provider.id ?? slug]?.name;
  return offer?.name ?? (typeof named === "string" ? named : slug);
}
