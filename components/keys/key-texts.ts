import { useTranslations } from "next-intl";
import type { KeyTexts } from "./made-key";

/** The words around a key, for the browser's part of the page, which has no catalogue. */
export function useKeyTexts(): KeyTexts {
  const t = useTranslations("keys.secret");
  const copy = useTranslations("copy");
  return { title: t("title"), text: t("text"), copy: copy("copy", { what: t("label") }), copied: copy("copied"), saved: t("saved") };
}
