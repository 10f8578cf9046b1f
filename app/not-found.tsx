import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoBanner } from "@/app/demo-banner";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { PlainFrame } from "@/components/shell/plain-frame";
import { ButtonLink } from "@/components/ui/button-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.notFound"))("title") };
}

export default async function NotFound() {
  const t = await getTranslations("errors.notFound");
  return (
    <PlainFrame banner={demoBanner()}>
      <MessagePage
        title={t("title")}
        reference={<PageReference status={404} />}
        action={
          <ButtonLink href="/" tone="primary">
            {t("action")}
          </ButtonLink>
        }
      >
        <p>{t("text")}</p>
      </MessagePage>
    </PlainFrame>
  );
}
