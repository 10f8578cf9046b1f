import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { createAction } from "@/app/(admin)/providers/form-action";
import { titleFor } from "@/app/title-for";
import { OfferFormSections } from "@/components/providers/offer-form-sections";
import { PageHeader } from "@/components/shell/page-header";
import { requireActor } from "@/lib/auth/session";
import { callbackUrl } from "@/lib/connections/begin-consent";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("providers");
  return titleFor("providers.manage", `${t("form.new")} — ${t("title")}`);
}

export default async function NewProviderPage() {
  await requireActor("providers.manage");
  const t = await getTranslations("providers");
  return (
    <div className="max-w-prose">
      <PageHeader title={t("form.new")} lead={t("form.lead")} back={{ href: "/providers", label: t("back") }} />
      <OfferFormSections
        action={createAction}
        slug={null}
        secretless
        values={{ authMethod: "basic", pkce: "1", scopeSeparator: "space", revokeEndsAll: "" }}
        redirectUri={callbackUrl("…")}
      />
    </div>
  );
}
