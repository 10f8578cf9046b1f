import { Ban, CircleCheck, CircleX, Clock, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { Pill } from "@/components/ui/pill";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { Tone } from "@/components/ui/tone";
import type { DeliveryView } from "@/lib/alerts/delivery-log";

type Props = { rows: DeliveryView[]; asOf: Date; again: (form: FormData) => Promise<void> };

const columns = ["what", "to", "status", "when", "actions"] as const;

const look: Record<DeliveryView["status"], { tone: Tone; icon: LucideIcon }> = {
  delivered: { tone: "positive", icon: CircleCheck },
  pending: { tone: "info", icon: Clock },
  failed: { tone: "critical", icon: CircleX },
  dropped: { tone: "neutral", icon: Ban },
};

export function DeliveryTable({ rows, asOf, again }: Props) {
  const t = useTranslations("alerts.log");
  return (
    <Table caption={t("label")} head={columns.map((column) => <HeadCell key={column}>{t(column)}</HeadCell>)}>
      {rows.map((row) => (
        <Row key={row.id}>
          <Cell className="min-w-48">{row.headline ?? t(nameOf(row.kind))}</Cell>
          <Cell label={t("to")}>
            <bdi className="break-all">{row.to}</bdi>
          </Cell>
          <Cell label={t("status")} className="min-w-44">
            <span className="cards:text-end">
              <Status row={row} asOf={asOf} />
            </span>
          </Cell>
          <Cell label={t("when")}>
            <ExactTime at={row.createdAt} show="cell" now={asOf} />
          </Cell>
          <Cell whole none={row.status === "pending"}>
            {row.status !== "pending" && (
              <form action={again}>
                <input type="hidden" name="deliveryId" value={row.id} />
                <SubmitButton tone="secondary" size="small" aria-label={t("againOf", { what: row.headline ?? t(nameOf(row.kind)) })}>
                  {t("again")}
                </SubmitButton>
              </form>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function nameOf(kind: string) {
  return (["test", "store_needs_you", "stores_need_you", "store_still_needs_you"] as const).find((name) => name === kind) ?? "other";
}

function Status({ row: { status, tries, lastResult, nextAt }, asOf }: { row: DeliveryView; asOf: Date }) {
  const t = useTranslations("alerts.log");
  const result = useResult(lastResult);
  return (
    <>
      <Pill {...look[status]}>{t(`statusWord.${status}`)}</Pill>
      <span className="mt-1 block text-xs text-muted">
        {[t("tries", { tries }), result].filter(Boolean).join(" · ")}
        {nextAt && nextAt > asOf && <> · {t.rich("next", { time: () => <ExactTime at={nextAt} show="cell" now={asOf} /> })}</>}
      </span>
    </>
  );
}

/** A status or a code of ours, in words. */
function useResult(code: string | null): string | null {
  const t = useTranslations("alerts.log.result");
  if (code === null) return null;
  const [, mail, status] = /^(mail_)?(\d{3})$/.exec(code) ?? [];
  if (status) return mail ? t("mail", { status }) : t("http", { status });
  // Keyed by data, so the catalogue cannot type it.
  return t.has(code as never) ? t(code as never) : t("other");
}
