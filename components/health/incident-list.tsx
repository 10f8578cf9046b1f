import { useLocale, useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import { formatDuration } from "@/lib/format";
import type { HealthReport, RecentIncident } from "@/lib/health/health-report";
import { localeOfTag } from "@/lib/locale";

// Times at which a platform refused our own client, the newest first.
export function IncidentList({ report }: { report: HealthReport }) {
  const t = useTranslations("health.incidents");
  if (report.incidents.length === 0) return <p className="text-muted">{t("none")}</p>;
  return (
    <ol className="divide-y divide-line rounded-lg border border-line bg-surface-raised">
      {report.incidents.map((incident) => (
        <One key={incident.id} incident={incident} names={report.names} asOf={report.asOf} />
      ))}
    </ol>
  );
}

function One({ incident, names, asOf }: { incident: RecentIncident; names: HealthReport["names"]; asOf: Date }) {
  const t = useTranslations("health.incidents");
  const connection = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const { offer, code, openedAt, closedAt } = incident;
  const name = names[offer] ?? { provider: offer, platformName: null };
  const lastedS = ((closedAt ?? asOf).getTime() - openedAt.getTime()) / 1_000;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3 text-sm">
      <bdi className="font-medium">{platformLabel(platforms, name)}</bdi>
      <span className="min-w-0 grow text-muted">
        {troubleText(connection, platforms, { provider: name.provider, trouble: "operator", code })}
      </span>
      <ExactTime at={openedAt} show="cell" now={asOf} />
      <span className={closedAt ? "text-muted" : "font-medium text-critical"}>
        {t(closedAt ? "lasted" : "open", { duration: formatDuration(Math.max(0, lastedS), locale) })}
      </span>
    </li>
  );
}
