import { useLocale, useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { ShownRun } from "@/lib/bulk/show-run";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

const statuses = ["done", "asked", "waiting", "failed"] as const;

// How far it has come, as a sentence first, and at each platform.
export function RunProgress({ shown: { run, counts, total, byOffer, resting } }: { shown: ShownRun }) {
  const t = useTranslations("bulk");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const number = (value: number) => formatNumber(value, locale);
  const shown = run.act === "revoke" ? statuses : statuses.filter((status) => status !== "asked");
  const settled = counts.done + counts.failed;
  return (
    <section aria-labelledby="progress" className="space-y-4">
      <h2 id="progress" className="sr-only">
        {t("progress")}
      </h2>
      <p className="text-lg font-medium">
        {t(`sentence.${run.act}`, { done: number(counts.done), total: number(total) })}
        {counts.failed > 0 && ` ${t("sentence.failed", { count: counts.failed })}`}
        {run.status === "done" && counts.failed > 0 && ` ${t("sentence.retry")}`}
      </p>
      <progress aria-labelledby="progress" value={settled} max={total} className="h-2 w-full accent-accent" />
      {/* Said when it changes, and not with every number. */}
      <p role="status" className="text-muted">
        {run.status === "stopped" && run.stoppedBy === "may_not"
          ? t("now.may_not", { name: run.byName })
          : run.status === "stopped"
            ? t("now.stopped", { name: run.stoppedBy ?? "" })
            : t(run.status === "running" && counts.waiting === 0 && counts.asked > 0 ? "now.telling" : `now.${run.status}`)}
      </p>
      {resting.map((offer) => (
        <p key={offer.offer} className="text-muted">
          {t("resting", { platform: platformLabel(platforms, offer) })}
        </p>
      ))}
      <Table
        caption={t("byPlatform")}
        head={
          <>
            <HeadCell>{t("platform")}</HeadCell>
            {shown.map((status) => (
              <HeadCell key={status} className="text-end!">
                {t(`item.${status}`)}
              </HeadCell>
            ))}
          </>
        }
      >
        {byOffer.map((offer) => (
          <Row key={offer.offer}>
            <Cell>
              <bdi>{platformLabel(platforms, offer)}</bdi>
            </Cell>
            {shown.map((status) => (
              <Cell key={status} label={t(`item.${status}`)} className="text-end">
                {number(offer[status])}
              </Cell>
            ))}
          </Row>
        ))}
      </Table>
    </section>
  );
}
