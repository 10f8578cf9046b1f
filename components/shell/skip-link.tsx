import { useTranslations } from "next-intl";

export function SkipLink() {
  const t = useTranslations("shell");
  return (
    <a
      href="#content"
      className="sr-only z-10 rounded-md bg-accent px-4 py-3 text-accent-text focus:not-sr-only focus:fixed focus:start-4 focus:top-3"
    >
      {t("skip")}
    </a>
  );
}
