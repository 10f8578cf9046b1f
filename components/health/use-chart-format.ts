import { useLocale } from "next-intl";
import { type FormatContext, formatClock, formatDate, formatNumber } from "@/lib/format";
import { directionOf, intlTag, localeOfTag } from "@/lib/locale";

/** How a chart writes its days, hours and numbers: in the zone that it counts in, which may not be the reader's. */
export function useChartFormat(timeZone: string, now: Date) {
  const locale = localeOfTag(useLocale());
  const context: FormatContext = { locale, timeZone, now };
  const weekday = new Intl.DateTimeFormat(intlTag(locale), { weekday: "short", timeZone });
  return {
    rtl: directionOf(locale) === "rtl",
    day: (at: Date) => formatDate(at, context),
    weekday: (at: Date) => weekday.format(at),
    clock: (at: Date) => formatClock(at, context),
    number: (value: number) => formatNumber(value, locale),
  };
}
