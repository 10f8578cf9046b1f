import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { PageHeader } from "@/components/shell/page-header";
import { RevokeForm } from "@/components/support/acts/revoke-form";
import { RevokeWarning } from "@/components/support/acts/revoke-warning";
import { EndedNotice } from "@/components/support/ended-notice";
import { ButtonLink } from "@/components/ui/button-link";
import { requireActor } from "@/lib/auth/session";
import { show } from "@/lib/connections/show";
import { revokeAction } from "./actions";
import { revokeParts } from "./parts";

type Props = { params: Promise<{ id: string }> };

const shownTo = cache(async (id: string) => decided(show(await requireActor("connection.revoke"), id)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { connection }] = await Promise.all([getTranslations("support"), params.then(({ id }) => shownTo(id))]);
  return { title: `${t("revoke.title", { store: connection.name ?? t("table.unnamed") })} — ${t("title")}` };
}

export default async function RevokePage({ params }: Props) {
  const { id } = await params;
  const shown = await shownTo(id);
  const [t, parts] = await Promise.all([getTranslations("support.revoke"), revokeParts(shown)]);
  const { revoked } = shown.connection;
  const href = `/support/${id}`;
  return (
    <div className="max-w-prose">
      <PageHeader title={parts.title} lead={parts.lead} back={{ href, label: t("back") }} />
      {revoked ? (
        <EndedNotice shown={shown} revoked={revoked} again={false} />
      ) : (
        <div className="space-y-6">
          <RevokeWarning {...parts} />
          <RevokeForm
            action={revokeAction}
            parts={parts}
            cancel={
              <ButtonLink href={href} className="max-sm:w-full">
                {parts.texts.cancel}
              </ButtonLink>
            }
          />
        </div>
      )}
    </div>
  );
}
