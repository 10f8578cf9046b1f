import { useLocale, useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { Notice } from "@/components/ui/notice";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { BulkAct } from "@/lib/bulk/acts";
import type { Summary } from "@/lib/bulk/summarize";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

const reasons = ["revoked", "pending", "not_configured", "nothing_to_renew"] as const;

// What will be done with how many at which platform, who is left out and why, and what that means for their owners.
export function SelectionSummary({ act, summary }: { act: BulkAct; summary: Summary }) {
  const t = useTranslations("bulk");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const { byOffer, excluded, count } = summary;
  const siblings = act === "revoke" ? byOffer.filter(({ endsSiblings }) => endsSiblings) : [];
  const left = reasons.flatMap((reason) => (excluded[reason] ? [{ reason, count: excluded[reason] }] : []));
  return (
    <div className="space-y-6">
      {count > 0 && (
        <Table
          caption={t("summary.caption")}
          head={
            <>
              <HeadCell>{t("platform")}</HeadCell>
              <HeadCell className="text-end!">{t("connections")}</HeadCell>
            </>
          }
        >
          {byOffer.map((offer) => (
            <Row key={offer.offer}>
              <Cell>
                <bdi>{platformLabel(platforms, offer)}</bdi>
              </Cell>
              <Cell label={t("connections")} className="text-end">
                {formatNumber(offer.n, locale)}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      {left.length > 0 && (
        <section aria-labelledby="excluded">
          <h2 id="excluded" className="mb-1 font-semibold">
            {t("summary.leftOut")}
          </h2>
          <ul className="list-disc ps-5">
            {left.map((one) => (
              <li key={one.reason}>{t(`excluded.${one.reason}`, { count: one.count })}</li>
            ))}
          </ul>
        </section>
      )}
      {count > 0 && (
        <Notice tone={act === "revoke" ? "warning" : "info"} title={t(`happens.${act}.title`)}>
          <p>{t(`happens.${act}.text`)}</p>
          {siblings.map((offer) => (
            <p key={offer.offer}>{t("happens.siblings", { platform: platformLabel(platforms, offer) })}</p>
          ))}
        </Notice>
      )}
    </div>
  );
}
