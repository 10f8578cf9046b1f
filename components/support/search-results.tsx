import { SearchX, Store } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { criteriaQuery, narrows } from "@/lib/connections/criteria";
import type { Cursor, Found } from "@/lib/connections/search";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import { BackToActs, ListActs } from "./acts/list-acts";
import { ConnectionsTable } from "./connections-table";
import { KeepPlace } from "./keep-place";
import { ListHeading } from "./list-heading";
import { Pager } from "./pager";

type Props = {
  found: Found;
  // nothing was asked for: what needs somebody is shown
  idle: boolean;
  // where in the list this page is
  cursor: Cursor;
};

// What was found, said first as a number, and the moment at which that was true.
export function SearchResults({ found, idle, cursor }: Props) {
  const t = useTranslations("support");
  const { criteria, rows, current, looked, previous, next, asOf } = found;
  const query = criteriaQuery(criteria);
  const at = (place: Cursor) =>
    new URLSearchParams([...query, ...(Object.entries(place) as [string, string][])].filter(([, value]) => value));
  const href = (place: Cursor | null) => place && `/support?${at(place)}`;
  return (
    <section
      id="results"
      aria-label={t("table.caption")}
      className="outline-offset-8 aria-busy:cursor-progress aria-busy:outline-2 aria-busy:outline-line-strong aria-busy:outline-dashed"
    >
      <ListHeading found={found} query={query.toString()} live={at(cursor).toString()} />
      {!current && <p className="mb-3 text-sm text-muted">{t("behind")}</p>}
      {rows.length > 0 && (
        <>
          <ListActs query={query.toString()} rows={rows.length} total={found.total} />
          <ConnectionsTable acts caption={t("table.caption")} rows={rows} asOf={asOf} />
          <BackToActs />
          <KeepPlace key={at(cursor).toString()} query={at(cursor).toString()} />
        </>
      )}
      {looked !== null && <Looked looked={looked} further={href(next)} />}
      {rows.length === 0 && looked === null && <NothingFound found={found} idle={idle} />}
      <Pager previousHref={href(previous)} nextHref={looked === null ? href(next) : null} />
    </section>
  );
}

// A list that would have to be walked along for long says how far it was.
function Looked({ looked, further }: { looked: number; further: string | null }) {
  const t = useTranslations("support.looked");
  const count = formatNumber(looked, localeOfTag(useLocale()));
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3 text-sm">
      <p className="text-muted">{t("text", { count })}</p>
      {further && (
        <ButtonLink href={further} prefetch={false} size="small">
          {t("further")}
        </ButtonLink>
      )}
    </div>
  );
}

function NothingFound({ found: { criteria, nearest }, idle }: { found: Found; idle: boolean }) {
  const t = useTranslations("support");
  const all = (
    <ButtonLink href="/support?sort=attention" prefetch={false}>
      {t(idle ? "calm.all" : "noMatch.clear")}
    </ButtonLink>
  );
  if (idle)
    return (
      <EmptyState icon={Store} title={t("calm.title")} action={all}>
        <p>{t("calm.text")}</p>
      </EmptyState>
    );
  if (!narrows(criteria))
    return (
      <EmptyState icon={Store} title={t("empty.title")}>
        <p>{t("empty.text")}</p>
      </EmptyState>
    );
  const { text } = criteria;
  return (
    <EmptyState icon={SearchX} title={t("noMatch.title")} action={all}>
      <p>{text ? t.rich("noMatch.forText", { q: () => <bdi className="wrap-anywhere text-ink">{text}</bdi> }) : t("noMatch.forFilters")}</p>
      {nearest && (
        <p className="mt-2">
          {t.rich("noMatch.nearest", {
            name: () => (
              <a href={`/support?${criteriaQuery({ ...criteria, text: nearest })}`} className="link font-medium text-ink">
                <bdi>{nearest}</bdi>
              </a>
            ),
          })}
        </p>
      )}
    </EmptyState>
  );
}
