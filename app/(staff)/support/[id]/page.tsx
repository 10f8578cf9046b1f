import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { StatePill } from "@/components/connections/state-pill";
import { PageHeader } from "@/components/shell/page-header";
import { ActForm } from "@/components/support/act-form";
import { ConnectionDetail } from "@/components/support/connection-detail";
import { ButtonLink } from "@/components/ui/button-link";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import { show } from "@/lib/connections/show";
import { actAction } from "./actions";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const shownTo = cache(async (id: string) => decided(show(await requireActor("support.search"), id)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { connection }] = await Promise.all([getTranslations("support"), params.then(({ id }) => shownTo(id))]);
  return { title: `${connection.name ?? t("table.unnamed")} — ${t("title")}` };
}

export default async function SupportDetailPage({ params, searchParams }: Props) {
  const { id } = await params;
  const [shown, { ended }, t] = await Promise.all([shownTo(id), searchParams, getTranslations("support")]);
  const { connection } = shown;
  const configured = catalogue().some(({ slug }) => slug === connection.offer);
  const live = connection.status === "active" || connection.status === "reconnect";
  const acts = [
    { value: "test", label: t("act.test") },
    { value: "renew", label: t("act.renew") },
  ].filter(({ value }) => configured && live && (value === "test" || connection.renewable));
  return (
    <>
      <PageHeader
        title={<bdi>{connection.name ?? t("table.unnamed")}</bdi>}
        tile={<ProviderTile tile={connection.provider} size={48} />}
        beside={<StatePill state={connection.state} audience="staff" />}
        lead={<bdi>{connection.merchantName}</bdi>}
        back={{ href: "/support", label: t("detail.back") }}
      />
      <ConnectionDetail
        shown={shown}
        configured={configured}
        endedBefore={ended === "already"}
        actions={
          !connection.revoked && (
            <ActForm action={actAction} connectionId={connection.id} acts={acts}>
              <ButtonLink href={`/support/${connection.id}/revoke`} prefetch={false} className="sm:ms-auto">
                {t("detail.revoke")}
              </ButtonLink>
            </ActForm>
          )
        }
      />
    </>
  );
}
