import { useLocale, useTranslations } from "next-intl";
import { Fragment } from "react";
import { platformLabel } from "@/components/connections/platform-text";
import { FactList } from "@/components/ui/fact-list";
import { formatDuration, formatNumber } from "@/lib/format";
import type { HealthReport } from "@/lib/health/health-report";
import type { RateBudget } from "@/lib/health/rate-budgets";
import { localeOfTag } from "@/lib/locale";

// How much of what each platform bears is used, and when what waits there is done.
export function BudgetList({ report }: { report: HealthReport }) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 wide:grid-cols-3">
      {report.budgets.map((budget) => (
        <Budget key={budget.offers.join()} budget={budget} names={report.names} />
      ))}
    </ul>
  );
}

function Budget({ budget, names }: { budget: RateBudget; names: HealthReport["names"] }) {
  const t = useTranslations("health.budgets");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const { offers, pace, used, allowed, freeInS, pausedS, due, clearS } = budget;
  const duration = (seconds: number) => formatDuration(seconds, locale);
  return (
    <li className="rounded-lg border border-line bg-surface-raised p-4">
      <h3 className="font-semibold">
        {offers.map((offer, index) => (
          <Fragment key={offer}>
            {index > 0 && " · "}
            <bdi>{platformLabel(platforms, names[offer] ?? { provider: offer, platformName: null })}</bdi>
          </Fragment>
        ))}
      </h3>
      <p className="text-sm text-muted">{limit(t, pace, duration)}</p>
      {pace && <Bar used={used} allowed={allowed} label={t("used", { used, allowed })} />}
      <FactList
        facts={[
          ...(pace ? [{ label: t("inUse"), value: t("used", { used, allowed }) }] : []),
          {
            label: t("next"),
            value: pausedS > 0 ? t("paused", { wait: duration(pausedS) }) : freeInS > 0 ? t("in", { wait: duration(freeInS) }) : t("now"),
          },
          { label: t("waiting"), value: formatNumber(due, locale) },
          ...(clearS === null ? [] : [{ label: t("clear"), value: clearS === 0 ? t("clearNow") : t("about", { wait: duration(clearS) }) }]),
        ]}
      />
    </li>
  );
}

type Translate = ReturnType<typeof useTranslations<"health.budgets">>;

function limit(t: Translate, pace: RateBudget["pace"], duration: (seconds: number) => string): string {
  if (!pace) return t("noLimit");
  return t("limit", { calls: pace.calls, per: duration(pace.perS), burst: pace.burst, serial: pace.serial ? "yes" : "no" });
}

function Bar({ used, allowed, label }: { used: number; allowed: number; label: string }) {
  const share = allowed > 0 ? Math.min(1, used / allowed) : 0;
  return (
    <svg role="img" aria-label={label} width="100%" height="10" className="mt-3 block rtl:-scale-x-100">
      <rect width="100%" height="10" rx="5" className="fill-line" />
      <rect width={`${(share * 100).toFixed(1)}%`} height="10" rx="5" className={share >= 1 ? "fill-warning" : "fill-info"} />
    </svg>
  );
}
