import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { PageHeader } from "@/components/shell/page-header";
import { SearchForm } from "@/components/support/search-form";
import { SearchResults } from "@/components/support/search-results";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { WhenReady } from "@/components/ui/when-ready";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import { criteriaOf } from "@/lib/connections/criteria";
import { search } from "@/lib/connections/search";
import { singleValues } from "@/lib/single-values";
import { actAction } from "./[id]/actions";
import { openRevokeAction, revokeAction } from "./[id]/revoke/actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, { text: q }] = await Promise.all([getTranslations("support"), searchParams.then(singleValues).then(criteriaOf)]);
  return titleFor("support.search", q ? `${t("titleFor", { q })} — ${t("title")}` : t("title"));
}

export default async function SupportPage({ searchParams }: Props) {
  const actor = await requireActor("support.search");
  const [t, query] = await Promise.all([getTranslations("support"), searchParams.then(singleValues)]);
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {query.done === "let_go" && (
        <div role="status" className="mb-6">
          <Notice tone="positive">{t("done.let_go")}</Notice>
        </div>
      )}
      <SearchForm criteria={criteriaOf(query)} offers={catalogue()} />
      <div className="mt-8">
        <WhenReady
          key={JSON.stringify(query)}
          skeleton={<Skeleton shapes={["h-6 w-56", ...Array<string>(12).fill("h-10 w-full max-sm:h-64")]} />}
        >
          <Results actor={actor} query={query} />
        </WhenReady>
      </div>
    </>
  );
}

async function Results({ actor, query }: { actor: UserActor; query: Record<string, string> }) {
  const actions = { act: actAction, openRevoke: openRevokeAction, revoke: revokeAction };
  return <SearchResults found={await search(actor, query)} actions={actions} />;
}
