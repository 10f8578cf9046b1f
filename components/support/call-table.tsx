import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { CallView } from "@/lib/proxy/show-calls";

type Props = { rows: CallView[]; asOf: Date };

const columns = ["call", "key", "answer", "when"] as const;

export function CallTable({ rows, asOf }: Props) {
  const t = useTranslations("support.calls");
  return (
    <Table caption={t("title")} head={columns.map((column) => <HeadCell key={column}>{t(column)}</HeadCell>)}>
      {rows.map((row) => (
        <Row key={row.id}>
          <Cell className="min-w-48">
            <code dir="ltr" className="break-all">
              {row.method} {row.path}
            </code>
          </Cell>
          <Cell label={t("key")}>
            <bdi>{row.keyName}</bdi>
          </Cell>
          <Cell label={t("answer")}>
            <span className="cards:text-end">
              {[row.status, row.failure && t(`failure.${row.failure}`), row.ms === null ? t("open") : t("took", { ms: row.ms })]
                .filter((part) => part !== null)
                .join(" · ")}
            </span>
          </Cell>
          <Cell label={t("when")}>
            <ExactTime at={row.at} show="cell" now={asOf} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
