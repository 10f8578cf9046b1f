import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PlatformList } from "@/components/connect/platform-list";
import { HeldStores } from "@/components/connections/held-stores";
import { NoStores } from "@/components/connections/no-stores";
import { StoreCards } from "@/components/connections/store-cards";
import { StoreFilter } from "@/components/connections/store-filter";
import { StoreTable } from "@/components/connections/store-table";
import { StoresHeadline } from "@/components/connections/stores-headline";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Skeleton } from "@/components/ui/skeleton";
import { WhenReady } from "@/components/ui/when-ready";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { connectable } from "@/lib/connections/catalogue";
import { listOwn } from "@/lib/connections/list";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Up to here every store is a card; more are easier to scan as lines. */
const MOST_CARDS = 12;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("connections"))("title") };
}

export default async function ConnectionsPage({ searchParams }: Props) {
  const actor = await requireActor("connection.list");
  // Staff have no stores of their own: their home shows everybody's.
  if (actor.role !== "merchant") redirect("/");
  const [query, t] = await Promise.all([searchParams, getTranslations("connections")]);
  const skeleton = (
    <>
      <PageHeader title={t("title")} />
      <Skeleton shapes={Array<string>(3).fill("h-40 w-full max-sm:h-64")} />
    </>
  );
  return (
    <WhenReady key={JSON.stringify(query)} skeleton={skeleton}>
      <Stores actor={actor} query={query} />
    </WhenReady>
  );
}

async function Stores({ actor, query }: { actor: UserActor; query: Awaited<Props["searchParams"]> }) {
  const [{ rows, asOf, more, asked, counts, total }, t] = await Promise.all([listOwn(actor, query), getTranslations("connections")]);
  if (total === 0) {
    return (
      <>
        <PageHeader title={t("title")} />
        <NoStores>
          <PlatformList offers={await connectable()} />
        </NoStores>
      </>
    );
  }
  const filtered = asked.q || asked.word;
  const List = total > MOST_CARDS ? StoreTable : StoreCards;
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={<StoresHeadline counts={counts} total={total} />}
        actions={
          <ButtonLink href="/connect" tone={counts.needs_you > 0 ? "secondary" : "primary"}>
            {t("connect")}
          </ButtonLink>
        }
      />
      {total > MOST_CARDS && <StoreFilter asked={asked} counts={counts} />}
      {filtered && <p className="mb-3 text-sm text-muted">{t("count", { shown: rows.length, total })}</p>}
      <HeldStores rows={rows} />
      {rows.length > 0 ? <List rows={rows} asOf={asOf} withMerchant={actor.merchants.length > 1} /> : <NoStores asked={asked} />}
      {more && <p className="mt-4 text-sm text-muted">{t("more", { count: total })}</p>}
    </>
  );
}
