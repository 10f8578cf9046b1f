import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { createAction } from "@/app/(admin)/keys/actions";
import { titleFor } from "@/app/title-for";
import { NewKey } from "@/components/keys/new-key";
import { PageHeader } from "@/components/shell/page-header";
import { requireActor } from "@/lib/auth/session";
import { localeOfTag } from "@/lib/locale";
import { offers } from "@/lib/offers/offers";
import { platformName } from "@/lib/offers/platform-name";

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("keys.manage", (await getTranslations("keys.form"))("title"));
}

export default async function NewKeyPage() {
  await requireActor("keys.manage");
  const [t, locale] = await Promise.all([getTranslations("keys"), getLocale().then(localeOfTag)]);
  const platforms = offers().map(({ slug }) => ({ value: slug, label: platformName(slug, locale) }));
  return (
    <>
      <PageHeader title={t("form.title")} lead={t("form.lead")} back={{ href: "/keys", label: t("back") }} />
      <NewKey action={createAction} platforms={platforms} />
    </>
  );
}
