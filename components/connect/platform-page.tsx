import { useLocale, useTranslations } from "next-intl";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { ProviderTile } from "@/components/ui/provider-tile";
import type { CatalogueEntry } from "@/lib/connections/catalogue";
import { localeOfTag } from "@/lib/locale";
import { ConsentForm } from "./consent-form";
import { CredentialsEntry } from "./credentials-entry";
import { HeldNotice } from "./held-notice";
import { InProgress } from "./in-progress";
import { PermissionCard } from "./permission-card";

type Props = {
  entry: CatalogueEntry;
  title: string;
  // made with the page's form, so that the form is one attempt however often it is sent
  attemptId: string;
  back: { href: string; label: string } | undefined;
  connect: Parameters<typeof CredentialsEntry>[0]["action"];
};

// One platform, before one leaves for it or pastes something: what is allowed, and the one button.
export function PlatformPage({ entry, title, attemptId, back, connect }: Props) {
  const t = useTranslations("connect");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const { offer, openAttemptId, paused, held, failing, target, link } = entry;
  const platform = platformLabel(platforms, offer);
  const note = offer.texts?.help[locale] || (offer.texts ? null : platformText(platforms, offer.provider, "note"));
  const home = link === null ? <ButtonLink href="/connections">{t("none.action")}</ButtonLink> : undefined;
  return (
    <div className="mx-auto max-w-prose">
      <PageHeader
        title={target?.name ? t.rich("entry.reconnect", { store: () => <bdi>{target.name}</bdi> }) : title}
        back={back}
        tile={<ProviderTile tile={offer.provider} monogram={offer.texts?.monogram} size={48} />}
        lead={target ? t("entry.reconnectLead") : undefined}
      />
      <div className="space-y-6">
        {held ? (
          <HeldNotice held={held} platform={platform} action={home} />
        ) : paused ? (
          <Notice tone="warning" title={t("paused.title", { platform })} action={home}>
            {t("paused.text", { platform })}
          </Notice>
        ) : (
          <>
            {failing && (
              <Notice tone="warning" title={t.rich("failing.title", { platform: () => <bdi>{platform}</bdi> })}>
                {t("failing.text")}
              </Notice>
            )}
            {openAttemptId && <InProgress attemptId={openAttemptId} platform={platform} link={link} />}
            <PermissionCard offer={offer} />
            {note && <p className="whitespace-pre-line text-muted">{note}</p>}
            {offer.kind === "redirect" ? (
              <ConsentForm {...entry} attemptId={attemptId} />
            ) : (
              <CredentialsEntry {...entry} action={connect} />
            )}
          </>
        )}
      </div>
    </div>
  );
}
