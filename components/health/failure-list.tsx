import { Minus, TrendingDown, TrendingUp } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import { formatNumber } from "@/lib/format";
import { failingStates } from "@/lib/health/cause-groups";
import type { Cause, CauseReport } from "@/lib/health/failure-causes";
import type { HealthReport } from "@/lib/health/health-report";
import { localeOfTag } from "@/lib/locale";
import { CountLink } from "./count-link";
import { rowsHref } from "./rows-href";

// Why connections fail, by who can mend it: how many each cause touches, whether they grow, and some of them.
export function FailureList({ report }: { report: HealthReport }) {
  const t = useTranslations("health.causes");
  const { groups, untold } = report.causes;
  if (groups.length === 0 && untold === 0) return <p className="text-muted">{t("none")}</p>;
  return (
    <>
      <ul className="grid gap-3 wide:grid-cols-2">
        {groups.map((group) => (
          <Group key={group.group} group={group} names={report.names} />
        ))}
      </ul>
      {untold > 0 && <p className="mt-3 text-sm text-muted">{t("untold", { n: untold })}</p>}
    </>
  );
}

function Group({ group: { group, n, dayAgo, causes, samples }, names }: { group: CauseReport; names: HealthReport["names"] }) {
  const t = useTranslations("health.causes");
  return (
    <li className="space-y-3 rounded-lg border border-line bg-surface-raised p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-semibold">{t(`group.${group}`)}</h3>
        <Trend n={n} dayAgo={dayAgo} />
      </div>
      <p className="text-sm text-muted">{t(`act.${group}`)}</p>
      {causes.length > 0 && (
        <ul className="divide-y divide-line text-sm">
          {causes.map((cause) => (
            <li key={cause.code} className="flex items-baseline justify-between gap-4 py-1.5">
              <CauseName cause={cause} names={names} />
              <CountLink
                n={cause.n}
                href={rowsHref({ states: failingStates, cause: cause.code })}
                label={t("rows", { n: cause.n, code: cause.code })}
              />
            </li>
          ))}
        </ul>
      )}
      {samples.length > 0 && (
        <ul aria-label={t("samples")} className="space-y-1 text-sm">
          {samples.map(({ id, name, merchantName }) => (
            <li key={id}>
              <Link href={`/support/${id}`} prefetch={false} className="link inline-flex min-h-6 items-center wrap-anywhere">
                <bdi>{name ?? t("unnamed")}</bdi>
              </Link>{" "}
              <span className="text-muted">
                <bdi>{merchantName}</bdi>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

// In words as far as there are any, and always as the platform or we call it.
function CauseName({ cause: { code, offers }, names }: { cause: Cause; names: HealthReport["names"] }) {
  const connection = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const provider = names[offers[0] ?? ""]?.provider ?? offers[0] ?? "";
  return (
    <span className="min-w-0">
      <span className="block">{troubleText(connection, platforms, { provider, trouble: null, code })}</span>
      <span className="block text-xs text-muted wrap-anywhere">
        <bdi className="font-mono">{code}</bdi>
        {offers.map((offer) => (
          <span key={offer}>
            {" · "}
            <bdi>{platformLabel(platforms, names[offer] ?? { provider: offer, platformName: null })}</bdi>
          </span>
        ))}
      </span>
    </span>
  );
}

function Trend({ n, dayAgo }: { n: number; dayAgo: number | null }) {
  const t = useTranslations("health.causes");
  const locale = localeOfTag(useLocale());
  const Icon = dayAgo === null || dayAgo === n ? Minus : n > dayAgo ? TrendingUp : TrendingDown;
  const change = dayAgo === null ? "unknown" : n > dayAgo ? "more" : n < dayAgo ? "fewer" : "same";
  return (
    <span className="inline-flex items-center gap-2 text-sm">
      <span className="text-lg font-semibold tabular-nums">{formatNumber(n, locale)}</span>
      <Icon size={16} aria-hidden="true" className="shrink-0 text-muted rtl:-scale-x-100" />
      <span className="text-muted">{t("trend", { change, n: Math.abs(n - (dayAgo ?? n)) })}</span>
    </span>
  );
}
