import { useLocale, useTimeZone, useTranslations } from "next-intl";
import { windowOf } from "@/lib/connections/window";
import { formatExact } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

/** What the filters offer of each kind of time. */
export const windowsOf = {
  runs_out: ["past", "1d", "7d", "30d"],
  due: ["past", "1d", "7d"],
  created: ["1d", "7d", "30d"],
} as const;

/** A window in words: so many days, what has passed, or two moments in the reader's own zone. */
export function useWindowLabel(): (kind: keyof typeof windowsOf, text: string) => string {
  const t = useTranslations("support.filter.window");
  const context = { locale: localeOfTag(useLocale()), timeZone: useTimeZone() ?? "UTC" };
  return (kind, text) => {
    const window = windowOf(text);
    if (window === null) return text;
    if ("past" in window) return t("past");
    if ("days" in window) return t(kind === "created" ? "lastDays" : "nextDays", { count: window.days });
    const [from, to] = [window.from, window.to].map((end) => (end === null ? null : formatExact(new Date(end), context)));
    if (from && to) return t("between", { from, to });
    return from ? t("from", { from }) : t("until", { to: to ?? "" });
  };
}
