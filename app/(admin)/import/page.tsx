import { Store } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { CredentialsForm } from "@/components/connect/credentials-form";
import { wordFields } from "@/components/connect/word-fields";
import { platformLabel } from "@/components/connections/platform-text";
import { ChooseForm } from "@/components/import/choose-form";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { catalogue, type OfferView } from "@/lib/connections/catalogue";
import { importChoices } from "@/lib/people/import-choices";
import { singleValues } from "@/lib/single-values";
import { importAction } from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("connection.import", (await getTranslations("import"))("title"));
}

export default async function ImportPage({ searchParams }: Props) {
  const actor = await requireActor("connection.import");
  const [t, query] = await Promise.all([getTranslations("import"), searchParams.then(singleValues)]);
  const offers = catalogue();
  const { merchants, merchant } = await importChoices(actor, query.merchant);
  const offer = offers.find(({ slug }) => slug === query.platform);
  if (merchants?.length === 0 || offers.length === 0) return <NothingToImport what={offers.length === 0 ? "noPlatform" : "noMerchant"} />;
  return (
    <div className="max-w-prose">
      <PageHeader title={t("title")} lead={t("lead")} />
      <ChooseForm merchants={merchants} offers={offers} merchant={merchant} typed={query.merchant ?? ""} slug={offer?.slug} />
      {merchant && offer && <Values key={`${merchant.id} ${offer.slug}`} merchant={merchant} offer={offer} />}
    </div>
  );
}

async function NothingToImport({ what }: { what: "noPlatform" | "noMerchant" }) {
  const t = await getTranslations("import");
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <EmptyState
        icon={Store}
        title={t(`${what}.title`)}
        action={
          what === "noMerchant" && (
            <ButtonLink href="/people" tone="primary">
              {t("noMerchant.action")}
            </ButtonLink>
          )
        }
      >
        <p>{t(`${what}.text`)}</p>
      </EmptyState>
    </>
  );
}

async function Values({ merchant, offer }: { merchant: { id: string; name: string }; offer: OfferView }) {
  const [t, form, platforms, connect] = await Promise.all([
    getTranslations("import"),
    getTranslations("form"),
    getTranslations("platforms"),
    getTranslations("connect"),
  ]);
  const platform = platformLabel(platforms, offer);
  return (
    <Card className="mt-8" aria-labelledby="grant">
      <div className="mb-5 flex items-center gap-3">
        <ProviderTile tile={offer.provider} />
        <h2 id="grant" className="text-lg font-semibold wrap-anywhere">
          {t.rich("grant", { platform, merchant: () => <bdi>{merchant.name}</bdi> })}
        </h2>
      </div>
      <CredentialsForm
        action={importAction}
        hidden={{ offer: offer.slug, merchantId: merchant.id }}
        fields={wordFields(platforms, form, offer.provider, offer.importFields)}
        store={{
          texts: { label: `${t("label")} (${form("optional")})`, labelHint: t("labelHint"), merchant: t("merchant") },
          merchants: [],
          values: {},
        }}
        texts={{
          problem: form("problem"),
          submit: t("submit"),
          secretAgain: connect("credentials.secretAgain"),
          errorTitle: form("errorTitle", { title: "%s" }),
        }}
      />
    </Card>
  );
}
