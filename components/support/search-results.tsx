import { SearchX, Store } from "lucide-react";
import { useTranslations } from "next-intl";
import { AsOf } from "@/components/connections/as-of";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { criteriaQuery, narrows } from "@/lib/connections/criteria";
import type { Cursor, Found } from "@/lib/connections/search";
import { BackToActs, type ListActions, ListActs } from "./acts/list-acts";
import { ConnectionsTable } from "./connections-table";
import { Pager } from "./pager";

// What was found, said first as a number, and the moment at which that was true.
export function SearchResults({ found, actions }: { found: Found; actions: ListActions }) {
  const t = useTranslations("support");
  const { criteria, rows, total, current, previous, next, asOf } = found;
  const narrowed = narrows(criteria);
  const href = (cursor: Cursor | null) =>
    cursor && `/support?${new URLSearchParams([...criteriaQuery(criteria), ...(Object.entries(cursor) as [string, string][])])}`;
  return (
    <section aria-label={t("table.caption")}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        {rows.length > 0 && (
          <h2 className="font-semibold">{t(total.is !== "exact" ? "foundMore" : narrowed ? "found" : "all", { count: total.n })}</h2>
        )}
        <AsOf at={asOf} />
      </div>
      {!current && <p className="mb-3 text-sm text-muted">{t("behind")}</p>}
      {rows.length > 0 ? (
        <>
          <ListActs actions={actions} query={criteriaQuery(criteria).toString()} rows={rows.length} total={total} />
          <ConnectionsTable acts caption={t("table.caption")} rows={rows} asOf={asOf} />
          <BackToActs />
        </>
      ) : (
        <NothingFound q={criteria.text} narrowed={Boolean(narrowed)} />
      )}
      <Pager previousHref={href(previous)} nextHref={href(next)} />
    </section>
  );
}

function NothingFound({ q, narrowed }: { q: string | undefined; narrowed: boolean }) {
  const t = useTranslations("support");
  if (!narrowed)
    return (
      <EmptyState icon={Store} title={t("empty.title")}>
        <p>{t("empty.text")}</p>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={SearchX}
      title={t("noMatch.title")}
      action={
        <ButtonLink href="/support" prefetch={false}>
          {t("noMatch.clear")}
        </ButtonLink>
      }
    >
      <p>{q ? t.rich("noMatch.forText", { q: () => <bdi className="wrap-anywhere text-ink">{q}</bdi> }) : t("noMatch.forFilters")}</p>
    </EmptyState>
  );
}
