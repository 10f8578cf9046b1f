import type { Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";

/** What each of a platform's refusals is called here, and what people are told of it. */
export function errorMap(provider: string, locale: Locale): { code: string; text: string }[] {
  const errors = messagesFor(locale).platforms[provider]?.errors;
  if (typeof errors !== "object") return [];
  return Object.entries(errors).flatMap(([code, text]) => (typeof text === "string" ? [{ code, text }] : []));
}
