import type { Metadata } from "next";
import { loadOffer } from "@/app/(admin)/providers/[slug]/load-offer";
import { decided } from "@/app/decided";
import { FinishAttempt } from "@/components/connect/finish-attempt";
import { SubmitButton } from "@/components/forms/submit-button";
import { TryForm } from "@/components/providers/try-box";
import { TrySteps } from "@/components/providers/try-steps";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { ProviderTile } from "@/components/ui/provider-tile";
import { showTry } from "@/lib/offers/show-try";
import { finishTryAction } from "./actions";

type Props = { params: Promise<{ slug: string; run: string }> };

async function load({ params }: Props) {
  const { slug, run } = await params;
  const { actor, offer, t, platform } = await loadOffer(slug);
  const shown = await decided(showTry(actor, slug, run));
  const words = { open: "waiting", answered: "ready", running: "running", done: shown.good ? "good" : "bad" } as const;
  return { offer, t, platform, shown, word: words[shown.status] };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { t, platform, word } = await load(props);
  return { title: `${t(`try.${word}`)} — ${t("try.page")}, ${platform}` };
}

// Reading this page sends nothing: that is done by its form, which posts itself where there is a script.
export default async function TryPage(props: Props) {
  const { offer, t, shown, word } = await load(props);
  const { slug } = offer;
  const lead = { waiting: "waitingText", ready: "runningText", running: "runningText", good: "goodText", bad: "badText" } as const;
  return (
    <div className="max-w-prose">
      <PageHeader
        title={t(`try.${word}`)}
        lead={t(`try.${lead[word]}`)}
        tile={<ProviderTile tile={offer.provider} monogram={offer.monogram} size={48} />}
        back={{ href: `/providers/${slug}`, label: t("try.toPlatform") }}
      />
      {(word === "ready" || word === "running") && (
        <FinishAttempt attemptId={shown.id} action={finishTryAction}>
          <SubmitButton>{t("try.finish")}</SubmitButton>
        </FinishAttempt>
      )}
      {shown.steps.length > 0 && shown.status === "done" && <TrySteps steps={shown.steps} />}
      {(shown.status === "done" || word === "waiting") && (
        <div className="mt-6 flex flex-wrap gap-3">
          <ButtonLink href={`/providers/${slug}`} tone={shown.good ? "primary" : "secondary"}>
            {t("try.toPlatform")}
          </ButtonLink>
          {!shown.good && <TryForm slug={slug} label={t("try.again")} primary />}
        </div>
      )}
    </div>
  );
}
