import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { StatePill } from "@/components/connections/state-pill";
import { StorePlatform } from "@/components/connections/store-platform";
import { troubleText } from "@/components/connections/trouble-text";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { ConnectionView } from "@/lib/connections/view";
import { RowCheck } from "./acts/row-check";
import { RowMenu, type RowMenuWords } from "./acts/row-menu";
import { TellingNote } from "./acts/telling-note";

type ListedRow = ConnectionView & { ownerEmail?: string | null };

type Props = {
  caption: string;
  rows: ListedRow[];
  asOf: Date;
  // with what ListActs, before the table, can do
  acts?: boolean;
};

const columns = ["store", "merchant", "platform", "state", "runsOut", "renews", "error", "updated"] as const;

// Every merchant's connections, as support and admins read them.
export function ConnectionsTable({ caption, rows, asOf, acts = false }: Props) {
  const t = useTranslations("support.table");
  const menu = useTranslations("bulk.menu");
  const words = useMenuWords();
  return (
    <Table cardsUnder="wide" caption={caption} head={<Head acts={acts} />}>
      {rows.map((row) => (
        <Row key={row.id}>
          {acts && (
            <Cell className="w-8">
              <RowCheck connection={row} />
            </Cell>
          )}
          <Cell className="min-w-36">
            <Link href={`/support/${row.id}`} prefetch={false} data-row={row.id} className="row-link">
              <bdi>{row.name ?? t("unnamed")}</bdi>
            </Link>
          </Cell>
          <Cell label={t("merchant")} className="min-w-30 wrap-anywhere">
            <span className="row-side">
              <bdi>{row.merchantName}</bdi>
              {row.ownerEmail && (
                <span className="row-note">
                  <bdi>{row.ownerEmail}</bdi>
                </span>
              )}
            </span>
          </Cell>
          <Cell label={t("platform")}>
            <span>
              <StorePlatform connection={row} />
            </span>
          </Cell>
          <Cell label={t("state")}>
            <span className="row-side">
              <StatePill state={row.state} audience="staff" />
              <TellingNote connection={row} />
            </span>
          </Cell>
          <Cell label={t("runsOut")} none={!isLive(row)}>
            <span className="row-side">
              <span className="row-line">
                <RunsOut row={row} asOf={asOf} />
              </span>
              <NoReturn row={row} asOf={asOf} />
            </span>
          </Cell>
          <Cell label={t("renews")} none={!row.renewsAt}>
            {row.renewsAt ? <ExactTime at={row.renewsAt} show="cell" now={asOf} /> : <None />}
          </Cell>
          <Cell label={t("error")} none={!row.troubleCode}>
            <LastError row={row} />
          </Cell>
          <Cell label={t("updated")}>
            <ExactTime at={row.updatedAt} show="cell" now={asOf} />
          </Cell>
          {acts && (
            <Cell className="w-10 text-end">
              <RowMenu
                id={row.id}
                label={menu("label", { store: row.name ?? t("unnamed") })}
                live={isLive(row)}
                renewable={row.renewable}
                ended={row.revoked !== null}
                words={words}
              />
            </Cell>
          )}
        </Row>
      ))}
    </Table>
  );
}

/** Once for all rows. */
function useMenuWords(): RowMenuWords {
  const menu = useTranslations("bulk.menu");
  const act = useTranslations("support.act");
  const revoke = useTranslations("support.detail")("revoke");
  return { open: menu("open"), copy: menu("copy"), copied: menu("copied"), test: act("test"), renew: act("renew"), revoke };
}

function Head({ acts }: { acts: boolean }) {
  const t = useTranslations("support.table");
  const words = useTranslations("bulk");
  const unseen = (text: string) => acts && <HeadCell>{<span className="sr-only">{text}</span>}</HeadCell>;
  return (
    <>
      {unseen(words("bar.label"))}
      {columns.map((column) => (
        <HeadCell key={column}>{t(column)}</HeadCell>
      ))}
      {unseen(words("menu.column"))}
    </>
  );
}

const isLive = ({ status }: ConnectionView) => status === "active" || status === "reconnect";

function RunsOut({ row, asOf }: { row: ConnectionView; asOf: Date }) {
  const t = useTranslations("support.table");
  if (!isLive(row)) return <None />;
  if (row.policy === "on_demand") return t("onDemand");
  return row.expiresAt ? <ExactTime at={row.expiresAt} show="cell" now={asOf} /> : t("noEnd");
}

// After it only the owner can help. Where that is the end of access itself, it is said already.
function NoReturn({ row, asOf }: { row: ConnectionView; asOf: Date }) {
  const t = useTranslations("support.table");
  if (!row.noReturnAt || row.noReturnAt.getTime() === row.expiresAt?.getTime()) return null;
  return (
    <span className="block text-xs text-muted">
      {t("noReturn")} <ExactTime at={row.noReturnAt} show="cell" now={asOf} />
    </span>
  );
}

function LastError({ row }: { row: ConnectionView }) {
  const t = useTranslations("connection");
  const platforms = useTranslations("platforms");
  if (!row.troubleCode) return <None />;
  const text = troubleText(t, platforms, { provider: row.provider, trouble: row.trouble, code: row.troubleCode });
  return (
    <span title={text} className="row-error">
      {text}
    </span>
  );
}

function None() {
  const t = useTranslations("support.table");
  return (
    <span className="text-muted">
      <span aria-hidden="true">—</span>
      <span className="sr-only">{t("none")}</span>
    </span>
  );
}
