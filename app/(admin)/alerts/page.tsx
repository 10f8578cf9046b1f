import { BellOff } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { AddDestination } from "@/components/alerts/add-destination";
import { DeliveryTable } from "@/components/alerts/delivery-table";
import { DestinationCard } from "@/components/alerts/destination-card";
import { OpenAlerts } from "@/components/alerts/open-alerts";
import { PageHeader } from "@/components/shell/page-header";
import { Pager } from "@/components/support/pager";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { deliveryLog } from "@/lib/alerts/delivery-log";
import { showAlerts } from "@/lib/alerts/show-alerts";
import { requireActor } from "@/lib/auth/session";
import { localeOfTag } from "@/lib/locale";
import { singleValues } from "@/lib/single-values";
import * as actions from "./actions";
import { doneOf, problemOf } from "./words";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("alerts.manage", (await getTranslations("alerts"))("title"));
}

export default async function AlertsPage({ searchParams }: Props) {
  const actor = await requireActor("alerts.manage");
  const [query, t, locale] = await Promise.all([searchParams.then(singleValues), getTranslations("alerts"), getLocale().then(localeOfTag)]);
  const [{ destinations, open, asOf }, log] = await Promise.all([showAlerts(actor, locale), deliveryLog(actor, query.after, locale)]);
  const done = doneOf(query.done);
  const acts = {
    saveRules: actions.rulesAction,
    test: actions.testAction,
    rotate: actions.rotateAction,
    remove: actions.removeAction,
    enable: actions.enableAction,
  };
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead", { destinations: destinations.length, open: open.length })} />
      <div className="mb-6 empty:hidden" role={query.problem ? "alert" : "status"}>
        {query.problem ? (
          <Notice tone="critical">{t(`problem.${problemOf(query.problem)}`)}</Notice>
        ) : (
          done && (
            <Notice tone={done === "delivered" ? "positive" : done === "undelivered" ? "critical" : "info"}>{t(`done.${done}`)}</Notice>
          )
        )}
      </div>
      <OpenAlerts open={open} asOf={asOf} />
      <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-6">
          {destinations.map((destination) => (
            <DestinationCard key={destination.id} destination={destination} asOf={asOf} acts={acts} />
          ))}
          {destinations.length === 0 && (
            <EmptyState icon={BellOff} title={t("none.title")}>
              <p>{t("none.text")}</p>
            </EmptyState>
          )}
        </div>
        <AddDestination action={actions.addAction} locale={locale} />
      </div>
      <section aria-labelledby="log-title" className="mt-10">
        <h2 id="log-title" className="mb-3 text-lg font-semibold">
          {t("log.title")}
        </h2>
        {log.rows.length === 0 ? (
          <p className="text-muted">{t("log.empty")}</p>
        ) : (
          <DeliveryTable rows={log.rows} asOf={asOf} again={actions.againAction} />
        )}
        <Pager previousHref={log.isFirst ? null : "/alerts"} nextHref={log.after && `/alerts?after=${log.after}`} />
      </section>
    </>
  );
}
