import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { PageHeader } from "@/components/shell/page-header";
import { EndedNotice } from "@/components/support/ended-notice";
import { NeighbourList } from "@/components/support/neighbour-list";
import { RevokeForm } from "@/components/support/revoke-form";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/auth/session";
import { show } from "@/lib/connections/show";
import { revokeAction } from "./actions";
import { revokeCauses } from "./causes";

type Props = { params: Promise<{ id: string }> };

const shownTo = cache(async (id: string) => decided(show(await requireActor("connection.revoke"), id)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { connection }] = await Promise.all([getTranslations("support"), params.then(({ id }) => shownTo(id))]);
  return { title: `${t("revoke.title", { store: connection.name ?? t("table.unnamed") })} — ${t("title")}` };
}

export default async function RevokePage({ params }: Props) {
  const { id } = await params;
  const [shown, t, form, platforms] = await Promise.all([
    shownTo(id),
    getTranslations("support"),
    getTranslations("form"),
    getTranslations("platforms"),
  ]);
  const { connection, siblings } = shown;
  const store = connection.name ?? t("table.unnamed");
  const parked = connection.connectedAt === null;
  const href = `/support/${connection.id}`;
  const consequences = parked ? t("revoke.parked") : platformText(platforms, connection.provider, "consequences");
  const tokenOnly = !parked && connection.revocation.tokenOnly ? platformText(platforms, connection.provider, "tokenOnly") : null;
  return (
    <div className="max-w-prose">
      <PageHeader
        title={t("revoke.title", { store })}
        lead={t.rich("revoke.lead", {
          platform: platformLabel(platforms, connection),
          merchant: () => <bdi>{connection.merchantName}</bdi>,
        })}
        back={{ href, label: t("revoke.back") }}
      />
      {connection.revoked ? (
        <EndedNotice shown={shown} revoked={connection.revoked} again={false} />
      ) : (
        <div className="space-y-6">
          <Notice tone="warning" title={t("revoke.final")}>
            <div className="space-y-3">
              {consequences && <p>{consequences}</p>}
              {!parked && siblings.length > 0 && (
                <div className="space-y-1">
                  <p className="font-medium">{t("revoke.siblings", { count: siblings.length })}</p>
                  <NeighbourList neighbours={siblings} />
                </div>
              )}
            </div>
          </Notice>
          <RevokeForm
            action={revokeAction}
            connectionId={connection.id}
            texts={{
              problem: form("problem"),
              errorTitle: form("errorTitle", { title: "%s" }),
              cause: t("revoke.reason"),
              details: t("revoke.details"),
              detailsHint: t("revoke.detailsHint"),
              reach: t("revoke.reach"),
              submit: t("revoke.submit", { store }),
            }}
            causes={[
              { value: "", label: t("revoke.choose") },
              ...revokeCauses.map((cause) => ({ value: cause, label: t(`revoke.cause.${cause}`) })),
            ]}
            reaches={
              tokenOnly
                ? [
                    { value: "authorization", label: t("revoke.everything"), hint: t("revoke.everythingHint") },
                    { value: "token", label: t("revoke.thisAlone"), hint: tokenOnly },
                  ]
                : []
            }
            cancel={
              <ButtonLink href={href} className="max-sm:w-full">
                {t("revoke.cancel")}
              </ButtonLink>
            }
          />
        </div>
      )}
    </div>
  );
}
