import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { MailSettings } from "@/components/settings/mail-settings";
import { MessagePage } from "@/components/shell/message-page";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/auth/session";
import { mailSettings, readerOfActor, readerOfLink } from "@/lib/people/mail-settings";
import { singleValues } from "@/lib/single-values";
import { mailAction } from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const DONE = ["stopped", "started"] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("mailSettings"))("title") };
}

/** With a mail's link for whoever has it, about that kind of mail; else for whoever is signed in. */
export default async function MailSettingsPage({ searchParams }: Props) {
  const [{ token, done: word }, t] = await Promise.all([searchParams.then(singleValues), getTranslations("mailSettings")]);
  const linked = token === undefined ? null : readerOfLink(token);
  if (token !== undefined && !linked)
    return (
      <MessagePage
        title={t("dead.title")}
        action={
          <ButtonLink href="/settings/mail" tone="primary">
            {t("dead.action")}
          </ButtonLink>
        }
      >
        <p>{t("dead.text")}</p>
      </MessagePage>
    );
  const settings = await decided(mailSettings(linked ?? readerOfActor(await requireActor())));
  const done = DONE.find((name) => name === word);
  return (
    <>
      <PageHeader title={t("title")} lead={settings.length === 0 ? t("none") : `${t("lead")}${linked ? ` ${t("linkLead")}` : ""}`} />
      <div role="status" className="mb-6 empty:hidden">
        {done && <Notice tone="positive">{t(`done.${done}`)}</Notice>}
      </div>
      <MailSettings settings={settings} token={linked ? token : undefined} action={mailAction} />
    </>
  );
}
