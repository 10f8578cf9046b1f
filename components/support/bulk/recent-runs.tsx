import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { RunLine } from "@/lib/bulk/show-run";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

const columns = ["run", "status", "progress", "by", "started"] as const;

export function RecentRuns({ runs }: { runs: RunLine[] }) {
  const t = useTranslations("bulk");
  const locale = localeOfTag(useLocale());
  if (runs.length === 0) return <p className="text-muted">{t("recent.none")}</p>;
  return (
    <Table caption={t("recent.title")} head={columns.map((column) => <HeadCell key={column}>{t(`recent.${column}`)}</HeadCell>)}>
      {runs.map(({ run, counts, total }) => (
        <Row key={run.id}>
          <Cell>
            <Link href={`/support/bulk/${run.id}`} prefetch={false} className="link inline-flex min-h-6 items-center font-medium">
              {t(`title.${run.act}`, { count: total })}
            </Link>
          </Cell>
          <Cell label={t("recent.status")}>{t(`status.${run.status}`)}</Cell>
          <Cell label={t("recent.progress")}>
            {t("recent.of", { done: formatNumber(counts.done, locale), total: formatNumber(total, locale) })}
            {counts.failed > 0 && ` · ${t("recent.failed", { count: counts.failed })}`}
          </Cell>
          <Cell label={t("recent.by")}>
            <bdi>{run.byName}</bdi>
          </Cell>
          <Cell label={t("recent.started")}>
            <ExactTime at={run.startedAt} show="cell" />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
