import { useLocale, useTimeZone, useTranslations } from "next-intl";
import { formatClock, formatExact } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

// The moment by which everything beside it was judged.
export function AsOf({ at }: { at: Date }) {
  const t = useTranslations("connection");
  const timeZone = useTimeZone() ?? "UTC";
  const context = { locale: localeOfTag(useLocale()), timeZone };
  const time = () => (
    <time dateTime={at.toISOString()} title={formatExact(at, context)}>
      {formatClock(at, context, true)}
      {/* The first page of a visit does not know the reader's zone yet. */}
      {timeZone === "UTC" && " UTC"}
    </time>
  );
  return <p className="text-sm text-muted">{t.rich("asOf", { time })}</p>;
}
