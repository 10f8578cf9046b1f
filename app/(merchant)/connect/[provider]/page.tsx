import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { ConsentForm } from "@/components/connect/consent-form";
import { CredentialsEntry } from "@/components/connect/credentials-entry";
import { HeldNotice } from "@/components/connect/held-notice";
import { InProgress } from "@/components/connect/in-progress";
import { PermissionCard } from "@/components/connect/permission-card";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { newAttemptId } from "@/lib/connections/new-attempt-id";
import { localeOfTag } from "@/lib/locale";
import { connectAction } from "./actions";

type Props = { params: Promise<{ provider: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

async function load({ params, searchParams }: Props) {
  const actor = await requireActor("connection.connect");
  const entry = await decided(catalogueEntry(actor, (await params).provider, await searchParams));
  const [t, platforms] = await Promise.all([getTranslations("connect"), getTranslations("platforms")]);
  const { target, offer } = entry;
  const platform = platformLabel(platforms, offer);
  const store = target?.name;
  const plain = { store: () => store ?? "" };
  const title = !target ? t("entry.title", { platform }) : store ? t.markup("entry.reconnect", plain) : t("entry.reconnectUnnamed");
  return { actor, entry, t, platforms, platform, title };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { t, title } = await load(props);
  return { title: `${title} — ${t("title")}` };
}

export default async function ConnectPlatformPage(props: Props) {
  const [{ actor, entry, t, platforms, platform, title }, locale] = await Promise.all([load(props), getLocale().then(localeOfTag)]);
  const { offer, openAttemptId, paused, held, failing, target } = entry;
  const note = offer.texts?.help[locale] || (offer.texts ? null : platformText(platforms, offer.provider, "note"));
  return (
    <div className="mx-auto max-w-prose">
      <PageHeader
        title={target?.name ? t.rich("entry.reconnect", { store: () => <bdi>{target.name}</bdi> }) : title}
        back={target ? { href: `/connections/${target.id}`, label: target.name ?? t("back") } : { href: "/connect", label: t("back") }}
        tile={<ProviderTile tile={offer.provider} monogram={offer.texts?.monogram} size={48} />}
        lead={target ? t("entry.reconnectLead") : undefined}
      />
      <div className="space-y-6">
        {held ? (
          <HeldNotice held={held} platform={platform} action={<ButtonLink href="/connections">{t("none.action")}</ButtonLink>} />
        ) : paused ? (
          <Notice
            tone="warning"
            title={t("paused.title", { platform })}
            action={<ButtonLink href="/connections">{t("none.action")}</ButtonLink>}
          >
            {t("paused.text", { platform })}
          </Notice>
        ) : (
          <>
            {failing && (
              <Notice tone="warning" title={t.rich("failing.title", { platform: () => <bdi>{platform}</bdi> })}>
                {t("failing.text")}
              </Notice>
            )}
            {openAttemptId && <InProgress attemptId={openAttemptId} platform={platform} />}
            <PermissionCard offer={offer} />
            {note && <p className="whitespace-pre-line text-muted">{note}</p>}
            {offer.kind === "redirect" ? (
              <ConsentForm {...entry} attemptId={newAttemptId()} merchants={actor.merchants} />
            ) : (
              <CredentialsEntry {...entry} merchants={actor.merchants} action={connectAction} />
            )}
          </>
        )}
      </div>
    </div>
  );
}
