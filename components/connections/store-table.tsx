import Link from "next/link";
import { useTranslations } from "next-intl";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { ConnectionView } from "@/lib/connections/view";
import { AccessBrief } from "./access-brief";
import { ExactTime } from "./exact-time";
import { StatePill } from "./state-pill";
import { StoreAction } from "./store-action";
import { StorePlatform, storeHref } from "./store-platform";

type Props = { rows: readonly ConnectionView[]; asOf: Date; withMerchant: boolean };

// More than a dozen stores: one line each, in the same order as the cards would have. Nothing is fetched ahead: hundreds may be in sight.
export function StoreTable({ rows, asOf, withMerchant }: Props) {
  const t = useTranslations("connections.table");
  const columns = [t("store"), t("platform"), t("state"), t("access"), t("checked"), t("action")];
  return (
    <Table caption={t("caption")} head={columns.map((column) => <HeadCell key={column}>{column}</HeadCell>)}>
      {rows.map((connection) => (
        <StoreRow key={connection.id} connection={connection} asOf={asOf} withMerchant={withMerchant} />
      ))}
    </Table>
  );
}

function StoreRow({ connection, asOf, withMerchant }: { connection: ConnectionView; asOf: Date; withMerchant: boolean }) {
  const t = useTranslations("connections");
  const { lastProofAt } = connection;
  return (
    <Row>
      <Cell className="min-w-40">
        <Link href={storeHref(connection)} prefetch={false} className="link inline-flex min-h-11 items-center font-medium wrap-anywhere">
          <bdi>{connection.name ?? t("unnamed")}</bdi>
        </Link>
        {withMerchant && (
          <span className="block text-xs text-muted">
            <bdi>{connection.merchantName}</bdi>
          </span>
        )}
      </Cell>
      <Cell label={t("table.platform")}>
        <span className="wide:whitespace-nowrap">
          <StorePlatform connection={connection} />
        </span>
      </Cell>
      <Cell label={t("table.state")}>
        <StatePill state={connection.state} audience="merchant" />
      </Cell>
      <Cell label={t("table.access")}>
        <span className="wide:whitespace-nowrap">
          <AccessBrief connection={connection} now={asOf} />
        </span>
      </Cell>
      <Cell label={t("table.checked")}>
        {lastProofAt ? (
          <ExactTime at={lastProofAt} show="cell" now={asOf} />
        ) : (
          <span className="text-muted wide:whitespace-nowrap">{t("neverChecked")}</span>
        )}
      </Cell>
      <Cell className="empty:hidden">
        <StoreAction connection={connection} />
      </Cell>
    </Row>
  );
}
