import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { loadOffer } from "@/app/(admin)/providers/[slug]/load-offer";
import { editAction } from "@/app/(admin)/providers/form-action";
import { OfferFormSections } from "@/components/providers/offer-form-sections";
import { PageHeader } from "@/components/shell/page-header";

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, platform } = await loadOffer((await params).slug);
  return { title: `${t("form.edit", { platform })} — ${t("title")}` };
}

export default async function EditProviderPage({ params }: Props) {
  const { offer, t, platform } = await loadOffer((await params).slug);
  const { slug, values, version, redirectUri, secrets } = offer;
  if (!values) notFound();
  return (
    <div className="max-w-prose">
      <PageHeader
        title={t("form.edit", { platform })}
        lead={t("form.saveWarning")}
        back={{ href: `/providers/${slug}`, label: t("try.toPlatform") }}
      />
      <OfferFormSections
        action={editAction}
        slug={slug}
        values={{ ...values, version: version ?? "" }}
        redirectUri={redirectUri ?? ""}
        secretless={secrets.length === 0}
      />
    </div>
  );
}
