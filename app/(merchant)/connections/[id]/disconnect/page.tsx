import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { disconnectAction } from "@/app/(merchant)/connections/[id]/actions";
import { decided } from "@/app/decided";
import { DisconnectForm } from "@/components/connections/disconnect-form";
import { StorePlatform } from "@/components/connections/store-platform";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { show } from "@/lib/connections/show";

type Props = { params: Promise<{ id: string }> };

const load = cache(async (id: string) => {
  const actor = await requireActor("connection.disconnect");
  return decided(show(actor, id));
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ connection }, t, list] = await Promise.all([
    load((await params).id),
    getTranslations("disconnect"),
    getTranslations("connections"),
  ]);
  const { name } = connection;
  return { title: `${name ? t.markup("title", { store: () => name }) : t("titleUnnamed")} — ${list("title")}` };
}

export default async function DisconnectPage({ params }: Props) {
  const { connection, siblings } = await load((await params).id);
  const { id, name, status } = connection;
  // It has ended already, perhaps in another window: its own page tells how.
  if (status === "revoking" || status === "revoked") redirect(`/connections/${id}`);
  const t = await getTranslations("disconnect");
  const list = await getTranslations("connections");
  return (
    <div className="mx-auto max-w-prose">
      <PageHeader
        title={name ? t.rich("title", { store: () => <bdi>{name}</bdi> }) : t("titleUnnamed")}
        back={{ href: `/connections/${id}`, label: name ?? list("unnamed") }}
        tile={<ProviderTile tile={connection.provider} monogram={connection.monogram} size={48} />}
        lead={<StorePlatform connection={connection} />}
      />
      <DisconnectForm
        connection={connection}
        siblings={siblings}
        action={disconnectAction}
        cancel={
          <ButtonLink href={`/connections/${id}`} className="max-sm:w-full">
            {t("keep")}
          </ButtonLink>
        }
      />
    </div>
  );
}
