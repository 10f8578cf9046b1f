import { useLocale, useNow, useTimeZone } from "next-intl";
import { formatDate, formatExact, formatRelative } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

type Props = {
  at: Date;
  // relative: "in 6 days", the exact time on hover, focus and tap; day: "9 Dec", likewise;
  // exact: all of it as plain text; cell: relative for tables, which are too full for a line under each of them
  show?: "relative" | "day" | "exact" | "cell";
  // the clock that the data was judged by, when that is not the server's
  now?: Date;
};

export function ExactTime({ at, show = "relative", now }: Props) {
  const requestNow = useNow();
  const context = { locale: localeOfTag(useLocale()), timeZone: useTimeZone() ?? "UTC", now: now ?? requestNow };
  const exact = formatExact(at, context);
  const iso = at.toISOString();
  if (show === "exact") return <time dateTime={iso}>{exact}</time>;
  const text = show === "day" ? formatDate(at, context) : formatRelative(at, context);
  return (
    <time
      dateTime={iso}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable without a mouse
      tabIndex={0}
      className={`tip-host ${show === "cell" ? "" : "underline decoration-line-strong decoration-dotted underline-offset-4"}`}
    >
      {text}
      <span className="tip"> {exact}</span>
    </time>
  );
}
