import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { loadOffer } from "@/app/(admin)/providers/[slug]/load-offer";
import { retireSecretAction } from "@/app/(admin)/providers/actions";
import { problemOf } from "@/app/(admin)/providers/words";
import { OutcomeNote } from "@/components/providers/outcome-note";
import { TypedNameForm } from "@/components/providers/typed-name-form";
import { PageHeader } from "@/components/shell/page-header";
import { signedInRecently } from "@/lib/auth/recently";
import { singleValues } from "@/lib/single-values";

type Props = { params: Promise<{ slug: string; secret: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, platform } = await loadOffer((await params).slug);
  return { title: `${t("secret.retireTitle")} — ${platform}` };
}

export default async function RetireSecretPage({ params, searchParams }: Props) {
  const [{ slug, secret }, query] = await Promise.all([params, searchParams.then(singleValues)]);
  const { actor, offer, t, platform } = await loadOffer(slug);
  if (!offer.secrets.some(({ id, current }) => id === secret && !current)) notFound();
  const problem = problemOf(query.problem);
  return (
    <div className="max-w-prose">
      <PageHeader
        title={t("secret.retireTitle")}
        lead={t("secret.retireText")}
        back={{ href: `/providers/${slug}`, label: t("try.toPlatform") }}
      />
      <OutcomeNote problem={problem && t(`problem.${problem}`)} done={null} />
      <TypedNameForm
        action={retireSecretAction}
        hidden={{ slug, secretId: secret }}
        platform={platform}
        submit={t("secret.retireDo")}
        signInFor={signedInRecently(actor, offer.asOf) ? null : `/providers/${slug}/retire/${secret}`}
        error={problem === "name" ? t("problem.name") : undefined}
      />
    </div>
  );
}
