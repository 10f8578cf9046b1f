import type { Metadata } from "next";
import { getLocale } from "next-intl/server";
import * as actions from "@/app/(admin)/providers/actions";
import { doneOf, problemOf } from "@/app/(admin)/providers/words";
import { ErrorList } from "@/components/providers/error-list";
import { OfferFacts } from "@/components/providers/offer-facts";
import { OfferNotices } from "@/components/providers/offer-notices";
import { OfferStatus } from "@/components/providers/offer-status";
import { OutcomeNote } from "@/components/providers/outcome-note";
import { PaceWords } from "@/components/providers/pace-words";
import { PauseForm } from "@/components/providers/pause-form";
import { type Life, PolicySimulator } from "@/components/providers/policy-simulator";
import { PublishBox } from "@/components/providers/publish-box";
import { Secrets } from "@/components/providers/secrets";
import { Section } from "@/components/providers/section";
import { TryBox } from "@/components/providers/try-box";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { ProviderTile } from "@/components/ui/provider-tile";
import { localeOfTag } from "@/lib/locale";
import { errorMap } from "@/lib/offers/error-map";
import { simulatePolicy } from "@/lib/offers/simulate-policy";
import { singleValues } from "@/lib/single-values";
import { loadOffer } from "./load-offer";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, platform } = await loadOffer((await params).slug);
  return { title: `${platform} — ${t("title")}` };
}

export default async function ProviderPage({ params, searchParams }: Props) {
  const [{ offer, t, platform }, query, locale] = await Promise.all([
    params.then(({ slug }) => loadOffer(slug)),
    searchParams.then(singleValues),
    getLocale().then(localeOfTag),
  ]);
  const { slug, policy, values } = offer;
  const [done, problem, life] = [doneOf(query.done), problemOf(query.problem), lifeOf(query)];
  return (
    <>
      <PageHeader
        title={<bdi>{platform}</bdi>}
        back={{ href: "/providers", label: t("back") }}
        tile={<ProviderTile tile={offer.provider} monogram={offer.monogram} size={48} />}
        beside={<OfferStatus offer={offer} />}
        actions={values && <ButtonLink href={`/providers/${slug}/edit`}>{t("edit")}</ButtonLink>}
      />
      <OutcomeNote problem={problem && t(`problem.${problem}`)} done={done ? t(`done.${done}`) : null} />
      <OfferNotices offer={offer} resume={actions.resumeAction} />
      <div className="wide:columns-2 wide:gap-6 *:mb-6 *:break-inside-avoid">
        <Card>
          <OfferFacts offer={offer} />
        </Card>
        {offer.kind === "redirect" && <TryBox offer={offer} />}
        {values && <PublishBox offer={offer} publish={actions.publishAction} unpublish={actions.unpublishAction} />}
        <PauseForm
          slug={slug}
          platform={platform}
          pause={actions.pauseAction}
          error={problem === "reason" || problem === "hours" ? problem : undefined}
        />
        {values && (
          <Secrets
            offer={offer}
            add={actions.addSecretAction}
            use={actions.switchSecretAction}
            error={problem === "secret" ? t("problem.secret") : undefined}
          />
        )}
        <PolicySimulator
          slug={slug}
          policy={policy.kind}
          graceS={policy.graceS}
          life={life}
          simulated={simulatePolicy(policy, life.n * (life.unit === "days" ? 86_400 : 3_600))}
        />
        <PaceWords pace={offer.pace} />
        <ErrorList errors={errorMap(offer.provider, locale)} />
        {values && (
          <Section id="danger-title" title={t("danger.title")} lead={t("danger.text")} className="border-critical/40">
            <ButtonLink href={`/providers/${slug}/delete`}>{t("danger.delete")}</ButtonLink>
          </Section>
        )}
      </div>
    </>
  );
}

/** A lifetime that somebody typed in, where it is one; else that of a month. */
function lifeOf({ life, unit }: Record<string, string>): Life {
  const n = Number(life);
  const usable = life !== undefined && n > 0 && n <= 3_650;
  return { n: usable ? n : 30, unit: usable && unit === "hours" ? "hours" : "days" };
}
