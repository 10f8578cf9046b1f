import { Expand, Shrink, Store } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AsOf } from "@/components/connections/as-of";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { attention, type HealthState } from "@/lib/connections/health";
import type { HealthReport as Report } from "@/lib/health/health-report";
import { AutoUpdate } from "./auto-update";
import { BudgetList } from "./budget-list";
import { DueHeatMap } from "./due-heat-map";
import { ExpiryHistogram } from "./expiry-histogram";
import { FailureList } from "./failure-list";
import { HealthTiles } from "./health-tiles";
import { HorizonTable } from "./horizon-table";
import { IncidentList } from "./incident-list";
import { PlatformFilter } from "./platform-filter";
import { PlatformTable } from "./platform-table";
import { StateTiles } from "./state-tiles";
import { Truth, verdictOf } from "./truth";
import { WorkerFacts } from "./worker-facts";

const states = (Object.keys(attention) as HealthState[]).sort((a, b) => attention[a] - attention[b]);
const EVERY_S = 30;

// One sentence first: is anything on fire. Then the numbers behind it, each a way to exactly what was counted.
export function HealthReport({ report, wall }: { report: Report; wall: boolean }) {
  const t = useTranslations("health");
  const { asOf, behind, counts, worker, expiry, due, zone, offer } = report;
  const empty = verdictOf(report) === "none";
  const times = { zone, asOf, offer };
  return (
    <>
      <Truth report={report} wall={wall} />
      <Stamp report={report} wall={wall} />
      {behind > 0 && <p className="mt-1 text-sm text-muted">{t("behind", { count: behind })}</p>}
      {empty && (
        <div className="mt-6">
          <EmptyState icon={Store} title={t("empty.title")}>
            <p>{t("empty.text")}</p>
          </EmptyState>
        </div>
      )}
      <div className="mt-4 mb-8">
        <HealthTiles report={report} wall={wall} />
      </div>
      {!empty && (
        <>
          <div id="times">{!wall && <PlatformFilter report={report} />}</div>
          <Section id="expiry" title={t("expiry.title")} note={<Zone zone={zone} />}>
            <ExpiryHistogram days={expiry} {...times} />
          </Section>
          <Section id="platforms" title={t("platforms.title")}>
            <PlatformTable report={report} />
          </Section>
          {!wall && (
            <>
              <Section id="states" title={t("states")}>
                <StateTiles counts={counts} states={states} />
              </Section>
              <Section id="causes" title={t("causes.title")}>
                <FailureList report={report} />
              </Section>
              <Section id="due" title={t("due.title")} note={<Zone zone={zone} />}>
                <DueHeatMap days={due} {...times} />
              </Section>
            </>
          )}
        </>
      )}
      <Section id="worker" title={t("work.title")}>
        <WorkerFacts health={worker} />
      </Section>
      {!wall && (
        <>
          <Section id="budgets" title={t("budgets.title")}>
            <BudgetList report={report} />
          </Section>
          {!empty && (
            <Section id="horizon" title={t("horizon.title")} note={<Zone zone={zone} />}>
              <HorizonTable report={report} />
            </Section>
          )}
          <Section id="incidents" title={t("incidents.title")}>
            <IncidentList report={report} />
          </Section>
          {!empty && (
            <Link href="/support?sort=runs_out" prefetch={false} className="link">
              {t("all")}
            </Link>
          )}
        </>
      )}
    </>
  );
}

type SectionProps = { id: string; title: string; note?: ReactNode; children: ReactNode };

function Section({ id, title, note, children }: SectionProps) {
  return (
    <section aria-labelledby={`${id}-title`} id={id} className="mb-10 scroll-mt-4">
      <div className="mb-3 flex flex-wrap items-baseline gap-x-4">
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          {title}
        </h2>
        {note}
      </div>
      {children}
    </section>
  );
}

function Zone({ zone }: { zone: string }) {
  const t = useTranslations("health");
  return <p className="text-sm text-muted">{t.rich("zone", { zone: () => <bdi>{zone}</bdi> })}</p>;
}

function Stamp({ report, wall }: { report: Report; wall: boolean }) {
  const t = useTranslations("health.update");
  const words = {
    every: t("every", { s: EVERY_S }),
    paused: t("paused"),
    pause: t("pause"),
    resume: t("resume"),
    refresh: t("refresh"),
    old: t("old"),
    fullScreen: t("fullScreen"),
  };
  const query = new URLSearchParams({ ...(report.offer && { platform: report.offer }), ...(wall && { wall: "1" }) });
  return (
    <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <AutoUpdate
        asOf={report.asOf.getTime()}
        everyS={EVERY_S}
        href={query.size > 0 ? `/health?${query}` : "/health"}
        locale={useLocale()}
        wall={wall}
        words={words}
        stamp={<AsOf at={report.asOf} />}
      />
      <ButtonLink href={wall ? "/health" : "/health?wall=1"} prefetch={false} tone="quiet" size="small">
        {wall ? <Shrink size={14} aria-hidden="true" /> : <Expand size={14} aria-hidden="true" />}
        {t(wall ? "leaveWall" : "wall")}
      </ButtonLink>
    </div>
  );
}
