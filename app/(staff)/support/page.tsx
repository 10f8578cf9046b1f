import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { PageHeader } from "@/components/shell/page-header";
import { RowHosts } from "@/components/support/acts/list-acts";
import { FilterChips } from "@/components/support/filter-chips";
import { ListKeys } from "@/components/support/list-keys";
import { currentView, ListViews } from "@/components/support/list-views";
import { SearchForm } from "@/components/support/search-form";
import { SearchResults } from "@/components/support/search-results";
import { ShortcutsNote } from "@/components/support/shortcuts-note";
import { Notice } from "@/components/ui/notice";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import { asksNothing, type Criteria, criteriaOf, type ListQuery } from "@/lib/connections/criteria";
import { search } from "@/lib/connections/search";
import { typedText } from "@/lib/ids";
import { areOff, shortcutsCookie } from "@/lib/shortcuts";
import { singleValues } from "@/lib/single-values";
import { listViews } from "@/lib/views/list-views";
import { MOST_VIEWS } from "@/lib/views/save-view";
import { actAction } from "./[id]/actions";
import { openRevokeAction, revokeAction } from "./[id]/revoke/actions";
import { listQuery } from "./list-query";
import { forgetViewAction, saveViewAction } from "./view-actions";

type Query = Record<string, string | string[] | undefined>;
type Props = { searchParams: Promise<Query> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, { text: q }] = await Promise.all([getTranslations("support"), searchParams.then(criteriaOf)]);
  return titleFor("support.search", q ? `${t("titleFor", { q })} — ${t("title")}` : t("title"));
}

export default async function SupportPage({ searchParams }: Props) {
  const actor = await requireActor("support.search");
  const [t, query] = await Promise.all([getTranslations("support"), searchParams]);
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {query.done === "let_go" && (
        <div role="status" className="mb-6">
          <Notice tone="positive">{t("done.let_go")}</Notice>
        </div>
      )}
      <RowHosts actions={{ act: actAction, openRevoke: openRevokeAction, revoke: revokeAction }} />
      {/* No skeleton in its place: between a document and what follows it the form would be another one, and lose what is typed and ticked. */}
      <List actor={actor} query={query} />
    </>
  );
}

async function List({ actor, query }: { actor: UserActor; query: Query }) {
  const asked: ListQuery = listQuery(query);
  const [found, saved, jar] = await Promise.all([search(actor, asked), listViews(actor), cookies()]);
  if (found.only) redirect(`/support/${found.only}`);
  const { criteria, facets, kinds } = found;
  const { after, before, view } = singleValues(query);
  const idle = asksNothing(criteriaOf(query));
  const letters = !areOff(jar.get(shortcutsCookie)?.value);
  const offers = catalogue();
  const current = currentView(criteria, saved);
  return (
    <div className="space-y-5">
      <ViewNote told={view} />
      <SearchForm criteria={inForm(query)} offers={offers} facets={idle ? kinds : facets} kinds={kinds} />
      <ListViews criteria={criteria} saved={saved} save={saveViewAction} forget={forgetViewAction} />
      {current !== "attention" && <FilterChips criteria={criteria} offers={offers} />}
      <SearchResults found={found} idle={idle} cursor={{ after, before }} />
      <ListKeys letters={letters} />
      <ShortcutsNote letters={letters} />
    </div>
  );
}

/** What the form holds: the words as they were typed, operators and all, and the filters that were chosen. Nothing, where nothing was asked for. */
function inForm(query: Query): Criteria {
  const { q = "", ...chosen } = query;
  return { ...criteriaOf(chosen), text: typedText(String(q).slice(0, 200)) };
}

/** What came of saving or forgetting a view. */
async function ViewNote({ told }: { told: string | undefined }) {
  const t = await getTranslations("support.views.told");
  const known = ["saved", "forgotten", "name_needed", "name_too_long", "nothing_asked", "too_many_views"] as const;
  const what = known.find((one) => one === told);
  if (!what) return null;
  const done = what === "saved" || what === "forgotten";
  return (
    <div role="status">
      <Notice tone={done ? "positive" : "critical"}>{t(what, { most: MOST_VIEWS })}</Notice>
    </div>
  );
}
