import { useLocale, useTranslations } from "next-intl";
import { localeOfTag } from "@/lib/locale";
import { ArabicName } from "./arabic-name";

// One click to the other language, named in that language, on every page.
export function LanguageSwitch() {
  const t = useTranslations("shell");
  const other = localeOfTag(useLocale()) === "ar" ? "en" : "ar";
  return (
    <form method="post" action="/api/preferences">
      <button
        type="submit"
        name="locale"
        value={other}
        lang={other}
        aria-label={t("otherLanguage")}
        className="inline-flex min-h-11 items-center rounded-md px-3 text-sm hover:bg-surface-sunken"
      >
        {other === "ar" ? <ArabicName /> : t("otherLanguage")}
      </button>
    </form>
  );
}
