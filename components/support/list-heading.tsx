import { Download } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { AsOf } from "@/components/connections/as-of";
import { buttonClass } from "@/components/ui/button";
import type { Found } from "@/lib/connections/search";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import { LiveRows } from "./live-rows";

type Props = { found: Pick<Found, "total" | "asOf" | "rows" | "version" | "looked">; query: string; live: string };

// How many, said first, with how sure that is; the moment at which it was so; and the list as a file.
export function ListHeading({ found: { total, asOf, rows, version, looked }, query, live }: Props) {
  const t = useTranslations("support");
  const locale = localeOfTag(useLocale());
  const count = { count: total.n, n: formatNumber(total.n, locale) };
  const about = { exact: "total.exact", about: "total.about", "at least": "total.atLeast" } as const;
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
      <h2 className="font-semibold">{looked !== null && rows.length === 0 ? t("total.none") : t(about[total.is], count)}</h2>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <AsOf at={asOf} />
        <LiveRows version={version} query={live} pause={t("live.pause")} resume={t("live.resume")} />
        {rows.length > 0 && (
          // A file and no page: the browser is to fetch it, not the router.
          <a href={`/support/export?${query}`} download className={buttonClass({ size: "small" })}>
            <Download size={14} aria-hidden="true" className="shrink-0" />
            {t("export")}
          </a>
        )}
      </div>
    </div>
  );
}
