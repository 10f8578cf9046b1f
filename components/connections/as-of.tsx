import { useLocale, useTimeZone, useTranslations } from "next-intl";
import { formatClock, formatExact } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

// The moment by which everything beside it was judged.
export function AsOf({ at }: { at: Date }) {
  const t = useTranslations("connection");
  const context = { locale: localeOfTag(useLocale()), timeZone: useTimeZone() ?? "UTC" };
  const time = () => (
    <time dateTime={at.toISOString()} title={formatExact(at, context)}>
      {formatClock(at, context, true)}
    </time>
  );
  return <p className="text-sm text-muted">{t.rich("asOf", { time })}</p>;
}
