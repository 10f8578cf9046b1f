import { Clock } from "lucide-react";
import { cookies } from "next/headers";
import { getNow, getTranslations } from "next-intl/server";
import { formatZone } from "@/lib/format";
import { safeTimeZone, timesCookie, timeZoneCookie } from "@/lib/time-zone";

type Props = {
  // in the header the zone's name alone, in a menu a whole line
  look: "short" | "line";
  className: string;
};

// One click between the reader's own zone and UTC, named as what it is now. Where both are the same there is nothing to choose.
export async function TimesSwitch({ look, className }: Props) {
  const [t, jar, now] = await Promise.all([getTranslations("shell.times"), cookies(), getNow()]);
  const own = formatZone(now, safeTimeZone(jar.get(timeZoneCookie)?.value));
  if (own === "UTC") return null;
  const inUtc = jar.get(timesCookie)?.value === "utc";
  const [zone, other] = inUtc ? ["UTC", own] : [own, "UTC"];
  return (
    <form method="post" action="/api/preferences" className={className}>
      <button
        type="submit"
        name="times"
        value={inUtc ? "own" : "utc"}
        aria-label={look === "short" ? t("switch", { zone, other }) : undefined}
        className={`flex min-h-11 items-center rounded-md px-3 text-sm hover:bg-surface-sunken ${look === "line" ? "w-full gap-3 text-start" : ""}`}
      >
        {look === "line" ? (
          <>
            <Clock size={16} aria-hidden="true" className="text-muted" />
            {t("switch", { zone, other })}
          </>
        ) : (
          <bdi dir="ltr">{zone}</bdi>
        )}
      </button>
    </form>
  );
}
