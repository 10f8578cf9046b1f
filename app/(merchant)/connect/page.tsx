import { Plug } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PlatformList } from "@/components/connect/platform-list";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { requireActor } from "@/lib/auth/session";
import { connectable } from "@/lib/connections/catalogue";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("connect"))("title") };
}

export default async function ConnectPage() {
  await requireActor("connection.connect");
  const [offers, t] = await Promise.all([connectable(), getTranslations("connect")]);
  return (
    <>
      <PageHeader title={t("title")} lead={offers.length > 0 ? t("lead") : undefined} />
      {offers.length > 0 ? (
        <>
          <PlatformList offers={offers} />
          <p className="mt-6 text-sm text-muted">{t("missing")}</p>
        </>
      ) : (
        <EmptyState icon={Plug} title={t("none.title")} action={<ButtonLink href="/connections">{t("none.action")}</ButtonLink>}>
          {t("none.text")}
        </EmptyState>
      )}
    </>
  );
}
