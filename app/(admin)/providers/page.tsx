import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { OfferCards } from "@/components/providers/offer-cards";
import { OutcomeNote } from "@/components/providers/outcome-note";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { requireActor } from "@/lib/auth/session";
import { showOffers } from "@/lib/offers/show-offers";
import { singleValues } from "@/lib/single-values";
import { doneOf } from "./words";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("providers.manage", (await getTranslations("providers"))("title"));
}

export default async function ProvidersPage({ searchParams }: Props) {
  const actor = await requireActor("providers.manage");
  const [{ offers }, query, t] = await Promise.all([showOffers(actor), searchParams.then(singleValues), getTranslations("providers")]);
  const done = doneOf(query.done);
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead", { n: offers.length })}
        actions={
          <ButtonLink href="/providers/new" tone="primary">
            {t("add")}
          </ButtonLink>
        }
      />
      <OutcomeNote problem={null} done={done ? t(`done.${done}`) : null} />
      <OfferCards offers={offers} />
    </>
  );
}
