import { useLocale, useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel } from "@/components/connections/platform-text";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import { formatPercent } from "@/lib/format";
import type { HealthReport } from "@/lib/health/health-report";
import { late, needsOwner, type PlatformRow } from "@/lib/health/platform-rows";
import { localeOfTag } from "@/lib/locale";
import { CountLink } from "./count-link";
import { notRevoked, rowsHref } from "./rows-href";
import { sumOf } from "./truth";

const columns = ["platform", "total", "healthy", "late", "failing", "owners", "incident"] as const;

export function PlatformTable({ report }: { report: HealthReport }) {
  const t = useTranslations("health.platforms");
  const platforms = useTranslations("platforms");
  return (
    <Table caption={t("title")} head={columns.map((column) => <HeadCell key={column}>{t(column)}</HeadCell>)}>
      {report.platforms.map((row) => (
        <Row key={row.offer}>
          <Cell className="font-medium">
            <bdi>{platformLabel(platforms, report.names[row.offer] ?? { provider: row.offer, platformName: null })}</bdi>
          </Cell>
          <Cell label={t("total")}>
            <CountLink n={row.total} href={rowsHref({ offer: row.offer, states: notRevoked })} />
          </Cell>
          <Cell label={t("healthy")}>
            <HealthyShare row={row} />
          </Cell>
          <Cell label={t("late")}>
            <CountLink n={sumOf(row.counts, late)} href={rowsHref({ offer: row.offer, states: late })} />
          </Cell>
          <Cell label={t("failing")}>
            <CountLink n={row.counts.refresh_failing} href={rowsHref({ offer: row.offer, states: ["refresh_failing"] })} />
          </Cell>
          <Cell label={t("owners")}>
            <CountLink n={sumOf(row.counts, needsOwner)} href={rowsHref({ offer: row.offer, states: needsOwner })} />
          </Cell>
          <Cell label={t("incident")}>
            <LastIncident row={row} asOf={report.asOf} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function HealthyShare({ row: { counts, total } }: { row: PlatformRow }) {
  const locale = localeOfTag(useLocale());
  if (total === 0) return <span className="text-muted">—</span>;
  // Never rounded up to all, nor down to none.
  const share = Math.min(counts.healthy === total ? 1 : 0.99, Math.max(counts.healthy === 0 ? 0 : 0.01, counts.healthy / total));
  return <span className="tabular-nums">{formatPercent(share, locale)}</span>;
}

function LastIncident({ row: { incident }, asOf }: { row: PlatformRow; asOf: Date }) {
  const t = useTranslations("health.platforms");
  if (!incident) return <span className="text-muted">{t("never")}</span>;
  if (!incident.closedAt)
    return (
      <span className="font-medium text-critical">
        {t.rich("open", { time: () => <ExactTime at={incident.openedAt} show="cell" now={asOf} /> })}
      </span>
    );
  return <ExactTime at={incident.openedAt} show="cell" now={asOf} />;
}
