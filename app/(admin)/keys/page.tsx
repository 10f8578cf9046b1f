import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { FirstCall } from "@/components/keys/first-call";
import { KeyTable } from "@/components/keys/key-table";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Disclosure } from "@/components/ui/disclosure";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { showKeys } from "@/lib/keys/show-keys";
import { localeOfTag } from "@/lib/locale";
import { platformName } from "@/lib/offers/platform-name";
import { singleValues } from "@/lib/single-values";
import { problemOf } from "./words";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("keys.manage", (await getTranslations("keys"))("title"));
}

export default async function KeysPage({ searchParams }: Props) {
  const actor = await requireActor("keys.manage");
  const [query, t, docs, locale, { live, ended, asOf }] = await Promise.all([
    searchParams.then(singleValues),
    getTranslations("keys"),
    getTranslations("docs"),
    getLocale().then(localeOfTag),
    showKeys(actor),
  ]);
  const slugs = new Set([...live, ...ended].flatMap(({ offers }) => offers ?? []));
  const platforms = Object.fromEntries([...slugs].map((slug) => [slug, platformName(slug, locale)]));
  const exposed = live.filter(({ state }) => state === "exposed").length;
  const make = (
    <ButtonLink href="/keys/new" prefetch={false} tone="primary" data-palette>
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <ButtonLink href="/docs" prefetch={false}>
              {docs("title")}
            </ButtonLink>
            {live.length > 0 && make}
          </>
        }
      />
      <div className="mb-6 empty:hidden" role={query.problem ? "alert" : "status"}>
        {query.problem ? (
          <Notice tone="critical">{t(`problem.${problemOf(query.problem)}`)}</Notice>
        ) : (
          query.done === "revoked" && <Notice tone="positive">{t("done.revoked")}</Notice>
        )}
      </div>
      {exposed > 0 && (
        <div className="mb-6">
          <Notice tone="critical">{t("exposed", { n: exposed })}</Notice>
        </div>
      )}
      {live.length > 0 ? (
        <KeyTable live caption={t("table.label")} keys={live} asOf={asOf} platforms={platforms} />
      ) : (
        <EmptyState icon={KeyRound} title={t("none.title")} action={make}>
          <p>{t("none.text")}</p>
          <FirstCall origin={env().LATCHKEY_URL} />
        </EmptyState>
      )}
      {ended.length > 0 && (
        <div className="mt-6">
          <Disclosure summary={t("ended", { n: ended.length })}>
            <KeyTable caption={t("endedLabel")} keys={ended} asOf={asOf} platforms={platforms} />
          </Disclosure>
        </div>
      )}
    </>
  );
}
