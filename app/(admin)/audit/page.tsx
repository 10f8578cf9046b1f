import { FileSearch } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { AuditFilter } from "@/components/audit/audit-filter";
import { EventDetail } from "@/components/audit/event-detail";
import { EventTable } from "@/components/audit/event-table";
import { PageHeader } from "@/components/shell/page-header";
import { Pager } from "@/components/support/pager";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FocusOnLoad } from "@/components/ui/focus-on-load";
import { Notice } from "@/components/ui/notice";
import { auditCriteriaOf, auditQuery } from "@/lib/audit/audit-criteria";
import { showAudit } from "@/lib/audit/show-audit";
import { requireActor } from "@/lib/auth/session";
import { singleValues } from "@/lib/single-values";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("audit.read", (await getTranslations("audit"))("title"));
}

export default async function AuditPage({ searchParams }: Props) {
  const actor = await requireActor("audit.read");
  const [query, t] = await Promise.all([searchParams.then(singleValues), getTranslations("audit")]);
  const criteria = auditCriteriaOf(query);
  const { rows, opened, newer, older, asOf } = await showAudit(actor, criteria, query);
  const href = (more: Record<string, string | number | undefined>) => {
    const said = Object.entries(more).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    const all = new URLSearchParams([...auditQuery(criteria), ...said]);
    return all.size > 0 ? `/audit?${all}` : "/audit";
  };
  const here = { before: query.before, after: query.after };
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          // A plain link: nothing of it may be fetched before somebody asks.
          <a href={`/audit/export?${auditQuery(criteria)}`} download className={buttonClass()}>
            {t("export")}
          </a>
        }
      />
      <AuditFilter criteria={criteria} />
      {opened && (
        <>
          <EventDetail event={opened} closeHref={href(here)} />
          <FocusOnLoad key={opened.id} id="event" />
        </>
      )}
      {query.event && !opened && (
        <div className="mb-6">
          <Notice tone="info">{t("detail.missing")}</Notice>
        </div>
      )}
      {rows.length === 0 ? (
        <EmptyState icon={FileSearch} title={t("empty.title")}>
          <p>{t("empty.text")}</p>
        </EmptyState>
      ) : (
        <EventTable rows={rows} asOf={asOf} opened={opened?.id ?? null} hrefOf={(event) => href({ ...here, event })} />
      )}
      <Pager previousHref={newer === null ? null : href({ after: newer })} nextHref={older === null ? null : href({ before: older })} />
    </>
  );
}
