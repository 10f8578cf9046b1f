import { useTranslations } from "next-intl";
import type { SecretTexts } from "./shown-secret";

/** The words around a secret, for the browser's part of the page, which has no catalogue. */
export function useSecretTexts(): SecretTexts {
  const t = useTranslations("alerts.secret");
  const copy = useTranslations("copy");
  return { title: t("title"), text: t("text"), copy: copy("copy", { what: t("label") }), copied: copy("copied") };
}
